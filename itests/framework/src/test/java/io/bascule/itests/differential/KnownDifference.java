/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the two brokers are known to do differently, with the statement that says who is right. A sequence ends there. */
enum KnownDifference {
    BAD_FILTER(
            "(UN)?SUBSCRIBE (to|of) a(n empty| bad)( shared)? filter",
            "\\d+ (UN)?SUBACK \\d+( refused)?",
            ".*\\d+ closed.*",
            Right.BOTH,
            "a filter that is none is refused in SUBACK or UNSUBACK, or the connection closed [5.0 3.9.3, 3.11.3; 3.1.1 3.9.3, MQTT-4.8.0-1]"),
    SHARE_NAME(
            "SUBSCRIBE to a bad shared filter",
            "\\d+ SUBACK \\d+ refused",
            ".*\\d+ SUBACK \\d+ \\d.*",
            Right.BASCULE,
            "a share name has one character at least, none of them + or #, and a filter behind it [MQTT-4.8.2-1, MQTT-4.8.2-2]"),
    SHARED_NO_LOCAL(
            "SUBSCRIBE shared with no local",
            ".*closed.*",
            ".*SUBACK.*",
            Right.BASCULE,
            "no local on a shared subscription is a protocol error [MQTT-3.8.3-4]"),
    SHARED_RETAINED(
            "SUBSCRIBE.*, shared.*",
            "",
            ".*PUBLISH .* retain .*",
            Right.BASCULE,
            "retained messages are sent when a non-shared subscription is made [5.0 3.3.1.3]"),
    UNKNOWN_RELEASE(
            "PUBREL of what was not sent",
            "\\d+ PUBCOMP \\d+ refused",
            "\\d+ PUBCOMP \\d+",
            Right.BOTH,
            "0x92 says that the identifier is not known, which is no error while somebody recovers [5.0 3.7.2.1]"),
    WRONG_DIRECTION(
            "\\w+ from a client",
            ".*closed.*",
            "",
            Right.BASCULE,
            "a packet that only a server sends is a protocol error [5.0 2.1.2, MQTT-4.13.1-1; 3.1.1 2.2.1, MQTT-4.8.0-1]"),
    FLAGS(
            "\\w+ with flags \\d",
            ".*closed.*",
            "",
            Right.BASCULE,
            "reserved flags that are wrong: close [MQTT-2.1.3-1; 3.1.1 MQTT-2.2.2-2]"),
    BODY(
            "PINGREQ with a body",
            ".*closed.*",
            "",
            Right.BASCULE,
            "PINGREQ has neither variable header nor payload [5.0 3.12.2, 3.12.3, MQTT-4.13.1-1; 3.1.1 MQTT-4.8.0-1]"),
    DUP(
            "PUBLISH with QoS 0 and DUP",
            ".*closed.*",
            ".*",
            Right.BASCULE,
            "DUP must be 0 with QoS 0 [MQTT-3.3.1-2, MQTT-4.13.1-1; 3.1.1 MQTT-4.8.0-1]"),
    REASON_CODE(
            "\\w+ (with no reason code there is|that no client may send)",
            ".*(closed|PUBLISH).*",
            ".*",
            Right.BASCULE,
            "a reason code has to be one of the packet's, and of that sender [MQTT-3.4.2-1, MQTT-3.14.2-1]"),
    SECOND_CONNECT(
            "second CONNECT",
            ".*PUBLISH.*",
            "",
            Right.BASCULE,
            "a second CONNECT closes without a DISCONNECT from the client: its will is published [MQTT-3.1.0-2, MQTT-3.1.2-8]"),
    PROPERTY(
            "(PUBLISH|DISCONNECT|SUBSCRIBE) with (a bad|another packet's) property",
            ".*closed.*",
            ".*",
            Right.BASCULE,
            "a property of another packet, or a value that it may not have: close [5.0 2.2.2.2, MQTT-3.3.4-6, MQTT-3.3.2-14, MQTT-4.13.1-1]"),
    CONNECT_PROPERTY(
            "CONNECT with a bad (will )?property",
            ".*CONNACK refused.*",
            ".*CONNACK accepted",
            Right.BASCULE,
            "a property of another packet, or a value that it may not have [5.0 2.2.2.2, 3.1.2.11, MQTT-4.13.1-1]");

    private final Pattern step;
    private final Pattern bascule;
    private final Pattern mosquitto;
    private final Right right;
    private final String statement;

    /** Whose way the specification allows. */
    enum Right {
        BASCULE("Bascule"),
        MOSQUITTO("Mosquitto"),
        BOTH("both");

        private final String text;

        Right(String text) {
            this.text = text;
        }
    }

    /** Three regular expressions: of the last step's name, and of what only the clients of either broker have got. */
    KnownDifference(String step, String bascule, String mosquitto, Right right, String statement) {
        this.step = Pattern.compile(step);
        this.bascule = Pattern.compile(bascule);
        this.mosquitto = Pattern.compile(mosquitto);
        this.right = right;
        this.statement = statement;
    }

    /** The one that this is. */
    static Optional<KnownDifference> of(Difference difference) {
        return Stream.of(values()).filter(known -> known.is(difference)).findFirst();
    }

    private boolean is(Difference difference) {
        return step.matcher(difference.last().name()).matches()
                && bascule.matcher(difference.bascule()).matches()
                && mosquitto.matcher(difference.mosquitto()).matches();
    }

    /** What has to stand in docs/differences.md. */
    String row() {
        return "| " + name() + " | " + right.text + " | " + statement + " |";
    }
}
