/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Ban;
import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeResidue;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridge;
import io.bascule.api.SessionInfo;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.Text;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What may stand for an argument, of what there is now: for completion. */
public enum Suggestions {
    /** The names of the bridges. */
    BRIDGES((services, beginning) -> services.bridgeStatuses().stream().map(BridgeStatus::name)),
    /** The directions of a bridge. */
    DIRECTIONS((services, beginning) -> Stream.of(Direction.values()).map(Direction::toString)),
    /** The names of the bridges that there are and that there were. */
    CLOSED_BRIDGES((services, beginning) -> services.residue().stream().map(BridgeResidue::name)),
    /** The names of the deleted bridges whose sessions have not ended. */
    DELETED_BRIDGES((services, beginning) -> services.deletedBridges().stream().map(DeletedBridge::name)),
    /** The users of the password files. */
    USERS((services, beginning) ->
            services.security().passwordFiles().stream().flatMap(users -> users.userNames().stream())),
    /** The addresses at which somebody is banned. */
    BANNED_ADDRESSES(
            (services, beginning) -> services.security().bansInForce().stream().map(Ban::address)),
    /** The client ids of the sessions. */
    CLIENTS((services, beginning) -> sessions(services).map(SessionInfo::clientId)),
    /** The client ids of the clients that are connected. */
    CONNECTED((services, beginning) ->
            sessions(services).filter(SessionInfo::connected).map(SessionInfo::clientId)),
    /** The filters that somebody is subscribed to. */
    FILTERS((services, beginning) -> filters(services).map(TopicFilter::text)),
    /** Those filters that are topics as well: where somebody listens. */
    TOPICS((services, beginning) -> filters(services)
            .filter(filter -> !filter.isShared() && !filter.hasWildcard())
            .map(TopicFilter::text)),
    /** The topics that something is retained at. */
    RETAINED((services, beginning) ->
            services.broker().stream().flatMap(broker -> RetainedTopics.beginningWith(broker, beginning).stream()));

    /** Of a hundred thousand subscriptions nobody picks one from a list. */
    private static final int MOST = 200;

    private final BiFunction<Services, String, Stream<String>> source;

    Suggestions(BiFunction<Services, String, Stream<String>> source) {
        this.source = source;
    }

    /** Those that begin like this, in order, the first {@value #MOST} of them, each as it is to be typed. */
    public List<String> of(Services services, String beginning) {
        return source.apply(services, beginning)
                .filter(text -> text.startsWith(beginning) && isPlain(text))
                .distinct()
                .sorted()
                .limit(MOST)
                .map(Suggestions::typed)
                .toList();
    }

    /** In quotes where the shell would take something of it away. */
    private static String typed(String text) {
        return text.startsWith("#") || text.indexOf('$') >= 0 ? "'" + text + "'" : text;
    }

    /**
     * Whether it can be put into a line as it stands. A client chooses its id and its topics: gogo.jline 1.1.8 ends the
     * console when it is to escape a blank or a quote (ParsedLineImpl.escape), and a terminal obeys control characters.
     */
    private static boolean isPlain(String text) {
        return text.equals(Text.printable(text)) && text.chars().noneMatch(c -> " '\"\\".indexOf(c) >= 0);
    }

    private static Stream<SessionInfo> sessions(Services services) {
        return services.broker().stream().map(Broker::sessions).flatMap(List::stream);
    }

    private static Stream<TopicFilter> filters(Services services) {
        return services.broker().stream()
                .map(Broker::subscriptions)
                .flatMap(List::stream)
                .map(info -> info.subscription().filter());
    }
}
