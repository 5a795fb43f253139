/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.AclTest;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link AclTest}. */
@Service
@Command(
        scope = "mqtt",
        name = "acl-test",
        description = AclTest.SUMMARY,
        detailedDescription = Help.EXAMPLE + AclTest.EXAMPLE + "\n" + Help.QUOTING)
public final class AclTestAction extends AnsweringAction {
    @Argument(index = 0, name = "client or user", description = AclTest.WHO)
    @Completion(ConnectedCompleter.class)
    private String who;

    @Argument(index = 1, name = "topic", description = AclTest.TOPIC)
    @Completion(TopicCompleter.class)
    private String topic;

    @Option(name = "--bridge", aliases = "-b", description = AclTest.BRIDGE)
    private boolean bridge;

    @Option(name = "--publish", aliases = "-p", description = AclTest.PUBLISH)
    private boolean publish;

    @Option(name = "--receive", aliases = "-r", description = AclTest.RECEIVE)
    private boolean receive;

    @Option(name = "--subscribe", aliases = "-s", description = AclTest.SUBSCRIBE)
    private boolean subscribe;

    @Override
    ConsoleCommand command() {
        return AclTest.of(who, bridge, topic, publish, receive, subscribe);
    }
}
