/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The proxies whose word is taken for where a connection comes from.
 *
 * @param networks that they are in
 */
record ProxyAddresses(List<IpSubnetFilterRule> networks) {
    /** Those of this machine, as they stand in a configuration. */
    static final String LOOPBACK = "127.0.0.0/8, ::1";

    /**
     * Reads addresses and networks, separated by commas.
     *
     * @throws IllegalArgumentException with what is wrong, as a sentence without a full stop
     */
    static ProxyAddresses parse(String text) {
        return new ProxyAddresses(Stream.of(text.split(",", -1))
                .map(String::strip)
                .map(ProxyAddresses::network)
                .toList());
    }

    private static IpSubnetFilterRule network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IP address or network");
        }
        int bits = bytes.length * Byte.SIZE;
        String prefix = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a network: its prefix has 0 to " + bits + " bits");
        }
        return new IpSubnetFilterRule(address, Integer.parseInt(prefix), IpFilterRuleType.ACCEPT);
    }

    boolean contain(InetSocketAddress address) {
        return networks.stream().anyMatch(network -> network.matches(address));
    }
}
