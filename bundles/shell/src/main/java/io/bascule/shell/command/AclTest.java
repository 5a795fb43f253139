/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.AccessTest;
import io.bascule.api.AccessTest.Answer;
import io.bascule.api.Identity;
import io.bascule.api.SessionInfo;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import io.bascule.spi.Client;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code mqtt:acl-test}: what a client or bridge may do at a topic, and which line of an ACL file says so.
 *
 * @param who a client id or a user name, or the name of a bridge
 * @param bridge whether it is that of a bridge
 * @param topic or a topic filter
 * @param actions which are asked about
 */
public record AclTest(String who, boolean bridge, String topic, List<String> actions) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Tells what a client or bridge may do at a topic, and which line of an ACL file says so.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:acl-test --publish gateway-7 plants/7/pump";
    /** For the help of both shells. */
    public static final String WHO =
            "The id of a client that is connected, or a user name; with --bridge the name of a bridge.";
    /** For the help of both shells. */
    public static final String TOPIC =
            "A topic, or a topic filter where it is about subscribing; quoted where it has # or $.";
    /** For the help of both shells. */
    public static final String BRIDGE = "Asks for the bridge of this name, whether it is there or not.";
    /** For the help of both shells. */
    public static final String PUBLISH = "Asks about publishing.";
    /** For the help of both shells. */
    public static final String RECEIVE = "Asks about being sent what is published there.";
    /** For the help of both shells. */
    public static final String SUBSCRIBE = "Asks about subscribing.";

    private static final String COMMAND = "mqtt:acl-test gateway-7";
    private static final List<Column<Row>> COLUMNS = List.of(
            new Column<>("action", "May", Row::action),
            new Column<>("allowed", "Allowed", row -> row.answer().allowed()),
            new Column<>("acl", "ACL file", Row::acl),
            new Column<>("rule", "Which line says so", row -> row.answer().rule()));

    private record Row(String action, String acl, Answer answer) {}

    /**
     * What was typed; where no action was, all are asked about that make sense.
     *
     * @param who null when it was left out, as is {@code topic}
     */
    public static AclTest of(
            String who, boolean bridge, String topic, boolean publish, boolean receive, boolean subscribe) {
        if (who == null && bridge) {
            throw new CommandFailure("The name of a bridge is missing; mqtt:bridges lists those that there are.");
        }
        if (who == null) {
            throw new CommandFailure("A client id or user name is missing; mqtt:clients lists who is connected.");
        }
        boolean filter = Input.filter(topic, COMMAND).hasWildcard();
        boolean all = !publish && !receive && !subscribe;
        List<String> actions = new ArrayList<>();
        if (publish || all && !filter) {
            actions.add("publish");
        }
        if (receive || all && !filter) {
            actions.add("receive");
        }
        if (subscribe || all) {
            actions.add("subscribe");
        }
        return new AclTest(who, bridge, topic, List.copyOf(actions));
    }

    @Override
    public View run(Services services) {
        List<AccessTest> files = services.security().aclFiles();
        if (files.isEmpty()) {
            throw new CommandFailure("No ACL file is configured; a file io.bascule.acl-<name>.cfg makes one.");
        }
        Optional<SessionInfo> session = bridge
                ? Optional.empty()
                : services.broker().flatMap(broker -> broker.session(who)).filter(SessionInfo::connected);
        Client client = session.map(AclTest::client).orElseGet(this::absent);
        List<Row> rows = new ArrayList<>();
        for (AccessTest file : files) {
            actions.forEach(action -> rows.add(new Row(action, file.name(), ask(file, client, action))));
        }
        return Table.of(rows, (a, b) -> 0, "", COLUMNS).withNote(note(session, client));
    }

    private Client absent() {
        return bridge
                ? Client.ofBridge(who)
                : new Client("", Identity.of(who), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private String note(Optional<SessionInfo> session, Client client) {
        if (bridge) {
            return "Asked for bridge " + who + ".";
        }
        if (session.isEmpty()) {
            return "Asked for user " + who + ": no client of this id is connected.";
        }
        return "Asked for client " + who + ", "
                + client.identity().userName().map(user -> "user " + user).orElse("anonymous") + ".";
    }

    private Answer ask(AccessTest file, Client client, String action) {
        return switch (action) {
            case "publish" -> file.publish(client, Input.topic(topic, COMMAND));
            case "receive" -> file.receive(client, Input.topic(topic, COMMAND));
            default -> file.subscribe(client, TopicFilter.of(topic));
        };
    }

    /** The client as its rights are asked for, but for groups, which a console is not told. */
    private static Client client(SessionInfo session) {
        Identity identity = session.userName().map(Identity::of).orElse(Identity.ANONYMOUS);
        return new Client(
                session.clientId(),
                identity,
                Optional.empty(),
                session.listener(),
                session.origin().flatMap(AclTest::address));
    }

    /** The address in {@code 5.0 10.0.0.1:4711}. */
    private static Optional<SocketAddress> address(String origin) {
        String address = origin.substring(origin.lastIndexOf(' ') + 1);
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon).replaceAll("[\\[\\]]", "");
        if (!host.matches("[0-9a-fA-F.:]+")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByName(host), 0)); // no name, nothing is looked up
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
