/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.shell.command.AclTest;
import io.bascule.shell.command.BanList;
import io.bascule.shell.command.BridgeAdd;
import io.bascule.shell.command.BridgeDiff;
import io.bascule.shell.command.BridgeDrain;
import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgePause;
import io.bascule.shell.command.BridgePurge;
import io.bascule.shell.command.BridgeQueue;
import io.bascule.shell.command.BridgeQueueExport;
import io.bascule.shell.command.BridgeQueuePurge;
import io.bascule.shell.command.BridgeReconnect;
import io.bascule.shell.command.BridgeRemove;
import io.bascule.shell.command.BridgeResume;
import io.bascule.shell.command.BridgeRoutes;
import io.bascule.shell.command.BridgeSet;
import io.bascule.shell.command.BridgeStart;
import io.bascule.shell.command.BridgeStop;
import io.bascule.shell.command.BridgeTrace;
import io.bascule.shell.command.BridgeTrial;
import io.bascule.shell.command.BridgeValidate;
import io.bascule.shell.command.Bridges;
import io.bascule.shell.command.BridgesDeleted;
import io.bascule.shell.command.ClientDisconnect;
import io.bascule.shell.command.Clients;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Limits;
import io.bascule.shell.command.Listeners;
import io.bascule.shell.command.Match;
import io.bascule.shell.command.Prompt;
import io.bascule.shell.command.Publish;
import io.bascule.shell.command.PublishInput;
import io.bascule.shell.command.Residue;
import io.bascule.shell.command.Retained;
import io.bascule.shell.command.RetainedDelete;
import io.bascule.shell.command.RetainedGet;
import io.bascule.shell.command.Security;
import io.bascule.shell.command.SessionDelete;
import io.bascule.shell.command.SessionDetails;
import io.bascule.shell.command.Sessions;
import io.bascule.shell.command.Status;
import io.bascule.shell.command.StoreDetails;
import io.bascule.shell.command.StoreExport;
import io.bascule.shell.command.StoreImport;
import io.bascule.shell.command.StoreVerify;
import io.bascule.shell.command.Subscribe;
import io.bascule.shell.command.Subscriptions;
import io.bascule.shell.command.Suggestions;
import io.bascule.shell.command.Top;
import io.bascule.shell.command.Unban;
import io.bascule.shell.command.UserAdd;
import io.bascule.shell.command.UserList;
import io.bascule.shell.command.UserPassword;
import io.bascule.shell.command.UserRemove;
import io.bascule.shell.gogo.Syntax.Argument;
import io.bascule.shell.gogo.Syntax.Option;
import io.bascule.shell.gogo.Syntax.Typed;
import java.util.List;
import java.util.Optional;

/** Every command of scope {@code mqtt}. */
final class Commands {
    private static final Option QOS = Option.value("--qos", "-q", "0|1|2", Help.QOS);
    private static final Argument CLIENT = Argument.of("client id", Help.CLIENT_ID, Suggestions.CLIENTS);
    private static final Argument BRIDGE = Argument.of("name", BridgeInfo.NAME, Suggestions.BRIDGES);
    private static final Argument USER = Argument.of("name", Help.USER, Suggestions.USERS);
    private static final Option PASSWORDS = Option.value("--passwords", "-p", "name", Help.PASSWORDS);
    private static final Option GENERATE = Option.flag("--generate", "-g", Help.GENERATE);
    private static final Argument DIRECTION = Argument.of("direction", Help.DIRECTION, Suggestions.DIRECTIONS);

    static final List<Command> ALL = List.of(
            Command.answering(Syntax.of("status", Status.SUMMARY, Status.EXAMPLE), typed -> new Status()),
            Command.answering(Syntax.of("listeners", Listeners.SUMMARY, Listeners.EXAMPLE), typed -> new Listeners()),
            Command.answering(
                    Syntax.of("clients", Clients.SUMMARY, Clients.EXAMPLE)
                            .with(Option.flag("--offline", "-o", Clients.OFFLINE)),
                    typed -> new Clients(typed.has("--offline"))),
            Command.answering(
                    Syntax.of("client-info", SessionDetails.CLIENT_SUMMARY, SessionDetails.CLIENT_EXAMPLE)
                            .taking(CLIENT),
                    typed -> SessionDetails.of(typed.word(0))),
            Command.answering(
                    Syntax.of("client-disconnect", ClientDisconnect.SUMMARY, ClientDisconnect.EXAMPLE)
                            .taking(Argument.of("client id", Help.CLIENT_ID, Suggestions.CONNECTED)),
                    typed -> ClientDisconnect.of(typed.word(0))),
            Command.answering(Syntax.of("sessions", Sessions.SUMMARY, Sessions.EXAMPLE), typed -> new Sessions()),
            Command.answering(
                    Syntax.of("session-info", SessionDetails.SESSION_SUMMARY, SessionDetails.SESSION_EXAMPLE)
                            .taking(CLIENT),
                    typed -> SessionDetails.of(typed.word(0))),
            Command.answering(
                    Syntax.of("session-delete", SessionDelete.SUMMARY, SessionDelete.EXAMPLE)
                            .taking(CLIENT),
                    typed -> SessionDelete.of(typed.word(0))),
            Command.answering(
                    Syntax.of("subscriptions", Subscriptions.SUMMARY, Subscriptions.EXAMPLE)
                            .taking(Argument.of("client id", Subscriptions.CLIENT_ID_HELP, Suggestions.CLIENTS)),
                    typed -> new Subscriptions(Optional.ofNullable(typed.word(0)))),
            Command.answering(
                    Syntax.of("match", Match.SUMMARY, Match.EXAMPLE)
                            .taking(Argument.quoted("topic", Help.TOPIC, Suggestions.TOPICS)),
                    typed -> Match.of(typed.word(0))),
            Command.answering(
                    Syntax.of("retained", Retained.SUMMARY, Retained.EXAMPLE)
                            .taking(Argument.quoted("filter", Retained.FILTER, Suggestions.RETAINED))
                            .with(Option.value("--limit", "-l", "n", Retained.LIMIT)),
                    typed -> Retained.of(typed.word(0), typed.value("--limit"))),
            Command.answering(
                    Syntax.of("retained-get", RetainedGet.SUMMARY, RetainedGet.EXAMPLE)
                            .taking(Argument.quoted("topic", Help.TOPIC, Suggestions.RETAINED)),
                    typed -> RetainedGet.of(typed.word(0))),
            Command.answering(
                    Syntax.of("retained-delete", RetainedDelete.SUMMARY, RetainedDelete.EXAMPLE)
                            .taking(Argument.quoted("filter", Help.FILTER, Suggestions.RETAINED)),
                    typed -> RetainedDelete.of(typed.word(0))),
            Command.answering(Syntax.of("bridges", Bridges.SUMMARY, Bridges.EXAMPLE), typed -> new Bridges()),
            Command.answering(
                    Syntax.of("bridge-info", BridgeInfo.SUMMARY, BridgeInfo.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeInfo.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-start", BridgeStart.SUMMARY, BridgeStart.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeStart.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-stop", BridgeStop.SUMMARY, BridgeStop.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeStop.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-pause", BridgePause.SUMMARY, BridgePause.EXAMPLE)
                            .taking(BRIDGE, DIRECTION),
                    typed -> BridgePause.of(typed.word(0), typed.word(1))),
            Command.answering(
                    Syntax.of("bridge-resume", BridgeResume.SUMMARY, BridgeResume.EXAMPLE)
                            .taking(BRIDGE, DIRECTION),
                    typed -> BridgeResume.of(typed.word(0), typed.word(1))),
            Command.answering(
                    Syntax.of("bridge-reconnect", BridgeReconnect.SUMMARY, BridgeReconnect.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeReconnect.of(typed.word(0))),
            Command.ongoing(
                    Syntax.of("bridge-drain", BridgeDrain.SUMMARY, BridgeDrain.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeDrain.of(typed.word(0))),
            Command.ongoing(
                    Syntax.of("bridge-trace", BridgeTrace.SUMMARY, BridgeTrace.EXAMPLE)
                            .taking(BRIDGE)
                            .with(Option.value("--seconds", "-s", "n", BridgeTrace.SECONDS)),
                    typed -> BridgeTrace.of(typed.word(0), typed.value("--seconds"))),
            Command.answering(
                    Syntax.of("bridge-queue", BridgeQueue.SUMMARY, BridgeQueue.EXAMPLE)
                            .taking(BRIDGE)
                            .with(Option.value("--limit", "-l", "n", BridgeQueue.LIMIT)),
                    typed -> BridgeQueue.of(typed.word(0), typed.value("--limit"))),
            Command.answering(
                    Syntax.of("bridge-queue-export", BridgeQueueExport.SUMMARY, BridgeQueueExport.EXAMPLE)
                            .taking(BRIDGE, Argument.of("file", BridgeQueueExport.FILE)),
                    typed -> BridgeQueueExport.of(typed.word(0), typed.word(1))),
            Command.answering(
                    Syntax.of("bridge-queue-purge", BridgeQueuePurge.SUMMARY, BridgeQueuePurge.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeQueuePurge.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-residue", Residue.SUMMARY, Residue.EXAMPLE)
                            .taking(Argument.of("name", Residue.NAME, Suggestions.CLOSED_BRIDGES)),
                    typed -> new Residue(Optional.ofNullable(typed.word(0)))),
            Command.answering(
                    Syntax.of("bridges-deleted", BridgesDeleted.SUMMARY, BridgesDeleted.EXAMPLE),
                    typed -> new BridgesDeleted()),
            Command.answering(
                    Syntax.of("bridge-purge", BridgePurge.SUMMARY, BridgePurge.EXAMPLE)
                            .taking(Argument.of("name", BridgeInfo.NAME, Suggestions.DELETED_BRIDGES)),
                    typed -> BridgePurge.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-add", BridgeAdd.SUMMARY, BridgeAdd.EXAMPLE)
                            .taking(
                                    Argument.of("name", BridgeAdd.NAME),
                                    Argument.manyQuoted("key=value", BridgeAdd.LINE)),
                    typed -> BridgeAdd.of(typed.word(0), typed.wordsFrom(1))),
            Command.answering(
                    Syntax.of("bridge-set", BridgeSet.SUMMARY, BridgeSet.EXAMPLE)
                            .taking(BRIDGE, Argument.manyQuoted("key=value", BridgeSet.LINE))
                            .with(Option.value("--unset", "-u", "key", BridgeSet.UNSET)),
                    typed -> BridgeSet.of(typed.word(0), typed.wordsFrom(1), typed.values("--unset"))),
            Command.answering(
                    Syntax.of("bridge-remove", BridgeRemove.SUMMARY, BridgeRemove.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeRemove.of(typed.word(0))),
            Command.ongoing(
                    Syntax.of("bridge-validate", BridgeValidate.SUMMARY, BridgeValidate.EXAMPLE)
                            .taking(Argument.of("file", BridgeValidate.FILE)),
                    typed -> BridgeValidate.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-diff", BridgeDiff.SUMMARY, BridgeDiff.EXAMPLE)
                            .taking(BRIDGE),
                    typed -> BridgeDiff.of(typed.word(0))),
            Command.answering(
                    Syntax.of("bridge-routes", BridgeRoutes.SUMMARY, BridgeRoutes.EXAMPLE)
                            .taking(Argument.of("name", BridgeRoutes.NAME, Suggestions.BRIDGES)),
                    typed -> new BridgeRoutes(Optional.ofNullable(typed.word(0)))),
            Command.answering(
                    Syntax.of("bridge-test", BridgeTrial.SUMMARY, BridgeTrial.EXAMPLE)
                            .taking(Argument.quoted("topic", Help.TOPIC, Suggestions.TOPICS))
                            .with(
                                    Option.value("--bridge", "-b", "name", BridgeTrial.BRIDGE),
                                    Option.value("--direction", "-d", "forward|subscribe", BridgeTrial.DIRECTION),
                                    QOS,
                                    Option.flag("--retain", "-r", BridgeTrial.RETAIN)),
                    typed -> BridgeTrial.of(
                            typed.word(0),
                            typed.value("--bridge"),
                            typed.value("--direction"),
                            typed.value("--qos", "0"),
                            typed.has("--retain"))),
            Command.ongoing(
                    Syntax.of("publish", Publish.SUMMARY, Publish.EXAMPLE)
                            .taking(
                                    Argument.quoted("topic", Help.TOPIC, Suggestions.TOPICS),
                                    Argument.of("message", Help.MESSAGE))
                            .with(
                                    QOS,
                                    Option.flag("--retain", "-r", Help.RETAIN),
                                    Option.value("--file", "-f", "path", Help.FILE),
                                    Option.value("--count", "-c", "n", Help.COUNT),
                                    Option.value("--rate", "n/s", Help.RATE),
                                    Option.value("--content-type", "text", Help.CONTENT_TYPE),
                                    Option.value("--payload-format", "0|1", Help.PAYLOAD_FORMAT),
                                    Option.value("--expiry", "time", Help.EXPIRY),
                                    Option.value("--response-topic", "topic", Help.RESPONSE_TOPIC),
                                    Option.value("--correlation-data", "text", Help.CORRELATION_DATA),
                                    Option.value("--user-property", "name=value", Help.USER_PROPERTY)),
                    typed -> Publish.of(publishInput(typed))),
            Command.ongoing(
                    Syntax.of("subscribe", Subscribe.SUMMARY, Subscribe.EXAMPLE)
                            .taking(Argument.quoted("filter", Help.FILTER, Suggestions.FILTERS))
                            .with(QOS),
                    typed -> Subscribe.of(typed.word(0), typed.value("--qos", "0"))),
            Command.answering(
                    Syntax.of("store", StoreDetails.SUMMARY, StoreDetails.EXAMPLE), typed -> new StoreDetails()),
            Command.ongoing(
                    Syntax.of("store-verify", StoreVerify.SUMMARY, StoreVerify.EXAMPLE)
                            .taking(Argument.of("folder", StoreVerify.FOLDER)),
                    typed -> StoreVerify.of(typed.word(0))),
            Command.ongoing(
                    Syntax.of("store-export", StoreExport.SUMMARY, StoreExport.EXAMPLE)
                            .taking(Argument.of("file", StoreExport.FILE)),
                    typed -> StoreExport.of(typed.word(0))),
            Command.ongoing(
                    Syntax.of("store-import", StoreImport.SUMMARY, StoreImport.EXAMPLE)
                            .taking(Argument.of("file", StoreImport.FILE))
                            .with(Option.flag("--skip-existing", "-s", StoreImport.SKIP_EXISTING)),
                    typed -> StoreImport.of(typed.word(0), typed.has("--skip-existing"))),
            Command.answering(Syntax.of("security", Security.SUMMARY, Security.EXAMPLE), typed -> new Security()),
            Command.answering(
                    Syntax.of("users", UserList.SUMMARY, UserList.EXAMPLE).with(PASSWORDS),
                    typed -> new UserList(Optional.ofNullable(typed.value("--passwords")))),
            Command.answering(
                    Syntax.of("user-add", UserAdd.SUMMARY, UserAdd.EXAMPLE)
                            .taking(Argument.of("name", Help.USER))
                            .with(PASSWORDS, GENERATE),
                    typed -> UserAdd.of(
                            typed.word(0), typed.value("--passwords"), typed.has("--generate"), Prompt.NONE)),
            Command.answering(
                    Syntax.of("user-password", UserPassword.SUMMARY, UserPassword.EXAMPLE)
                            .taking(USER)
                            .with(PASSWORDS, GENERATE),
                    typed -> UserPassword.of(
                            typed.word(0), typed.value("--passwords"), typed.has("--generate"), Prompt.NONE)),
            Command.answering(
                    Syntax.of("user-remove", UserRemove.SUMMARY, UserRemove.EXAMPLE)
                            .taking(USER)
                            .with(PASSWORDS),
                    typed -> UserRemove.of(typed.word(0), typed.value("--passwords"))),
            Command.answering(
                    Syntax.of("acl-test", AclTest.SUMMARY, AclTest.EXAMPLE)
                            .taking(
                                    Argument.of("client or user", AclTest.WHO, Suggestions.CONNECTED),
                                    Argument.quoted("topic", AclTest.TOPIC, Suggestions.TOPICS))
                            .with(
                                    Option.flag("--bridge", "-b", AclTest.BRIDGE),
                                    Option.flag("--publish", "-p", AclTest.PUBLISH),
                                    Option.flag("--receive", "-r", AclTest.RECEIVE),
                                    Option.flag("--subscribe", "-s", AclTest.SUBSCRIBE)),
                    typed -> AclTest.of(
                            typed.word(0),
                            typed.has("--bridge"),
                            typed.word(1),
                            typed.has("--publish"),
                            typed.has("--receive"),
                            typed.has("--subscribe"))),
            Command.answering(Syntax.of("bans", BanList.SUMMARY, BanList.EXAMPLE), typed -> new BanList()),
            Command.answering(
                    Syntax.of("unban", Unban.SUMMARY, Unban.EXAMPLE)
                            .taking(
                                    Argument.of("address", Unban.ADDRESS, Suggestions.BANNED_ADDRESSES),
                                    Argument.of("user or client", Unban.NAME))
                            .with(Option.flag("--all", "-a", Unban.ALL)),
                    typed -> Unban.of(typed.word(0), typed.word(1), typed.has("--all"))),
            Command.answering(Syntax.of("limits", Limits.SUMMARY, Limits.EXAMPLE), typed -> new Limits()),
            Command.ongoing(
                    Syntax.of("top", Top.SUMMARY, Top.EXAMPLE).with(Option.value("--count", "-c", "n", Top.COUNT)),
                    typed -> Top.of(typed.value("--count"))));

    private Commands() {}

    /** The command of this name, without its scope. */
    static Optional<Command> named(String name) {
        return ALL.stream().filter(command -> command.name().equals(name)).findFirst();
    }

    private static PublishInput publishInput(Typed typed) {
        return new PublishInput(typed.word(0), typed.word(1))
                .qos(typed.value("--qos", "0"))
                .retain(typed.has("--retain"))
                .file(typed.value("--file"))
                .repeated(typed.value("--count"), typed.value("--rate"))
                .contentType(typed.value("--content-type"))
                .payloadFormat(typed.value("--payload-format"))
                .expiry(typed.value("--expiry"))
                .response(typed.value("--response-topic"), typed.value("--correlation-data"))
                .userProperties(typed.values("--user-property"));
    }
}
