/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.Arrays;
import java.util.List;

/**
 * Whether what a broker did is right.
 *
 * @param why what is missing, for whoever reads the log; empty where nothing is
 */
public record Verdict(Grade grade, String why) {

    /** From best to worst. */
    public enum Grade {
        RIGHT,
        /** What must be done is done, but with another reason code than the one that the specification names. */
        NEARLY,
        WRONG,
        /** The broker did not come to the odd part. */
        UNPLAYED
    }

    /** Nothing to object. */
    public static final Verdict RIGHT = new Verdict(Grade.RIGHT, "");

    /** Wrong, and why. */
    public static Verdict wrong(String why) {
        return new Verdict(Grade.WRONG, why);
    }

    /** All but wrong, and why. */
    public static Verdict nearly(String why) {
        return new Verdict(Grade.NEARLY, why);
    }

    /** Right if the condition holds. */
    public static Verdict that(boolean condition, String otherwise) {
        return condition ? RIGHT : wrong(otherwise);
    }

    /** Right if both are. */
    public Verdict and(Verdict other) {
        return other.grade.compareTo(grade) > 0 ? other : this;
    }

    /** Right if either is. */
    public Verdict or(Verdict other) {
        return other.grade.compareTo(grade) < 0 ? other : this;
    }

    /**
     * Right if the server has closed the connection and has sent nothing before, or, in 5.0, a DISCONNECT with one of these reason codes.
     * What was delivered before does not matter.
     */
    public static Verdict closed(Wire wire, int... codes) {
        List<Received> goodbyes = wire.all(Packets.DISCONNECT);
        if (!wire.isClosed()) {
            return wrong("the connection is open");
        }
        if (!wire.all(Packets.CONNACK).isEmpty()) {
            return wrong("there is another CONNACK");
        }
        if (goodbyes.isEmpty()) {
            return RIGHT;
        }
        if (!wire.version().hasProperties()) {
            return wrong("the server of " + wire.version() + " has no DISCONNECT");
        }
        return code(goodbyes.get(0).code(), codes);
    }

    /**
     * Right if the server has closed the connection without accepting it, silently or with a CONNACK of one of these codes. In 3.1.1 a
     * CONNACK with return code 0 to 5 is the only way to say why.
     */
    public static Verdict refused(Wire wire, int... codes) {
        List<Received> packets = wire.packets();
        if (packets.isEmpty()) {
            return that(wire.isClosed(), "the connection is open");
        }
        if (packets.get(0).type() != Packets.CONNACK) {
            return wrong("the first packet is no CONNACK");
        }
        if (packets.get(0).code() == 0) {
            return wrong("the connection is accepted");
        }
        if (packets.size() > 1) {
            return wrong("there is more than a CONNACK");
        }
        if (!wire.isClosed()) {
            return wrong("the connection is refused, but left open");
        }
        if (codes.length == 0) {
            return wrong("there is a CONNACK");
        }
        return code(packets.get(0).code(), codes);
    }

    private static Verdict code(int code, int... codes) {
        if (Arrays.stream(codes).anyMatch(allowed -> allowed == code)) {
            return RIGHT;
        }
        if (code < 0x80) {
            return wrong("reason code " + code + " is not that of an error");
        }
        return nearly("reason code 0x%02X".formatted(code));
    }

    /** Right if the server has accepted the connection and keeps it. */
    public static Verdict accepted(Wire wire) {
        List<Received> packets = wire.packets();
        boolean success = !packets.isEmpty()
                && packets.get(0).type() == Packets.CONNACK
                && packets.get(0).code() == 0;
        return that(success, "it is not accepted").and(open(wire));
    }

    /** Right if the server keeps the connection and answers on it. */
    public static Verdict open(Wire wire) {
        return that(!wire.isClosed(), "the connection is closed")
                .and(that(!wire.isSilent(), "the connection does not answer any more"));
    }

    /** Right if messages with just these payloads have come since the mark, in this order. */
    public static Verdict delivered(Wire wire, String... payloads) {
        List<String> actual =
                wire.all(Packets.PUBLISH).stream().map(Received::text).toList();
        return that(actual.equals(List.of(payloads)), "delivered " + actual);
    }

    /** Right if just so many packets of this type have come since the mark. */
    public static Verdict count(Wire wire, int type, int number) {
        int actual = wire.all(type).size();
        return that(actual == number, actual + " packets of type " + type);
    }

    /** Right if the last packet of this type has one of these codes. */
    public static Verdict last(Wire wire, int type, int... codes) {
        List<Received> packets = wire.all(type);
        if (packets.isEmpty()) {
            return wrong("no packet of type " + type);
        }
        int code = packets.get(packets.size() - 1).code();
        return that(Arrays.stream(codes).anyMatch(allowed -> allowed == code), "code 0x%02X".formatted(code));
    }
}
