/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who may not connect for a while, after too many failed logins. Where neither user nor client is named it is everybody at the address.
 *
 * @param user the user name; of one that is longer than 64 characters the beginning and a hash
 * @param client the client id, likewise, of one that showed no user name
 * @param address an IPv4 address, an IPv6 network such as {@code 2001:db8:0:0:0:0:0:0/64}, {@code 0:0:0:0:0:0:0:1}, or the path of a Unix domain
 *     socket
 * @param listener through which the last of the failed logins came
 * @param since when it began
 * @param until when it ends
 * @param refused connections that were refused because of it
 */
public record Ban(
        Optional<String> user,
        Optional<String> client,
        String address,
        String listener,
        Instant since,
        Instant until,
        long refused) {}
