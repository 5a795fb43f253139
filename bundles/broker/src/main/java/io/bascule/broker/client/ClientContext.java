/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.broker.LimitHits;
import io.bascule.broker.extension.Extensions;
import io.bascule.broker.login.LoginGuard;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.SessionRegistry;
import io.bascule.log.SparingLog;
import io.bascule.transport.Connection;
import io.bascule.transport.ListenerTerms;
import java.util.function.Function;

/**
 * What a client's connection works with.
 *
 * @param brokerId what another broker's bridge is told
 * @param listener the one it came through
 * @param limits what it is held to
 * @param hits where it is counted that it was
 * @param logins who may not even try to log in
 * @param complaints where the log has of whom it is not served, and why
 * @param loops the broker's side of the event loop of a connection
 */
public record ClientContext(
        String brokerId,
        ListenerTerms listener,
        ServerLimits limits,
        LimitHits hits,
        SessionRegistry registry,
        Extensions extensions,
        LoginGuard logins,
        SparingLog complaints,
        Function<Connection, BrokerLoop> loops) {}
