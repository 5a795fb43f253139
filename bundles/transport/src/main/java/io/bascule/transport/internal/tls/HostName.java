/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** Host names as certificates and clients have them. */
final class HostName {
    private static final Pattern ONE =
            Pattern.compile("([*][.])?[a-z0-9_-]+([.][a-z0-9_-]+)*", Pattern.CASE_INSENSITIVE);

    private HostName() {}

    /** Whether this is a host name, in ASCII or not, or {@code *.} and one. */
    static boolean isOne(String text) {
        try {
            return ONE.matcher(IDN.toASCII(text)).matches();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** As it goes over the wire, in lower case. */
    static String normal(String text) {
        return IDN.toASCII(text).toLowerCase(Locale.ROOT);
    }
}
