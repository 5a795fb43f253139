/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

/** The properties of a 5.0 packet, in the order given, as often as given, whether or not they belong there. */
public final class Properties {
    public static final int PAYLOAD_FORMAT_INDICATOR = 0x01;
    public static final int MESSAGE_EXPIRY_INTERVAL = 0x02;
    public static final int CONTENT_TYPE = 0x03;
    public static final int RESPONSE_TOPIC = 0x08;
    public static final int CORRELATION_DATA = 0x09;
    public static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    public static final int SESSION_EXPIRY_INTERVAL = 0x11;
    public static final int ASSIGNED_CLIENT_IDENTIFIER = 0x12;
    public static final int AUTHENTICATION_METHOD = 0x15;
    public static final int AUTHENTICATION_DATA = 0x16;
    public static final int REQUEST_PROBLEM_INFORMATION = 0x17;
    public static final int WILL_DELAY_INTERVAL = 0x18;
    public static final int REQUEST_RESPONSE_INFORMATION = 0x19;
    public static final int SERVER_REFERENCE = 0x1C;
    public static final int REASON_STRING = 0x1F;
    public static final int RECEIVE_MAXIMUM = 0x21;
    public static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    public static final int TOPIC_ALIAS = 0x23;
    public static final int USER_PROPERTY = 0x26;
    public static final int MAXIMUM_PACKET_SIZE = 0x27;

    private final Bytes bytes = new Bytes();

    /** A property of one byte. */
    public Properties one(int identifier, int value) {
        bytes.raw(identifier, value);
        return this;
    }

    /** A property that is a Two Byte Integer. */
    public Properties two(int identifier, int value) {
        bytes.raw(identifier).two(value);
        return this;
    }

    /** A property that is a Four Byte Integer. */
    public Properties four(int identifier, long value) {
        bytes.raw(identifier).four(value);
        return this;
    }

    /** A property that is a Variable Byte Integer. */
    public Properties variable(int identifier, int value) {
        bytes.raw(identifier).variable(value);
        return this;
    }

    /** A property that is a string. */
    public Properties string(int identifier, String value) {
        bytes.raw(identifier).string(value);
        return this;
    }

    /** A property that is Binary Data, or a string that is not well-formed. */
    public Properties binary(int identifier, byte[] value) {
        bytes.raw(identifier).binary(value);
        return this;
    }

    /** A User Property. */
    public Properties user(String name, String value) {
        bytes.raw(USER_PROPERTY).string(name).string(value);
        return this;
    }

    /** Bytes as they are. */
    public Properties raw(int... values) {
        bytes.raw(values);
        return this;
    }

    /** With the Property Length in front. */
    public byte[] toArray() {
        byte[] content = bytes.toArray();
        return new Bytes().variable(content.length).raw(content).toArray();
    }
}
