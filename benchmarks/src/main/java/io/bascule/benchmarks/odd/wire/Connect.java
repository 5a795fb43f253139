/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

/** A CONNECT in the making: at first well-formed, with a clean start and a Keep Alive of a minute. */
public final class Connect {
    private static final int HEADER = 0x10;
    private static final int CLEAN_START = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;
    private static final int MINUTE = 60;

    private final Version version;
    private final byte[] clientId;
    private int header = HEADER;
    private String protocolName;
    private int level;
    private int flags = CLEAN_START;
    private int keepAlive = MINUTE;
    private byte[] properties = new Properties().toArray();
    private Properties willProperties = new Properties();
    private byte[] willTopic;
    private byte[] willPayload;
    private byte[] userName;
    private byte[] password;
    private byte[] rest = {};

    public Connect(Version version, byte[] clientId) {
        this.version = version;
        this.clientId = clientId;
        protocolName = version.protocolName();
        level = version.level();
    }

    /** The first byte. */
    public Connect header(int value) {
        header = value;
        return this;
    }

    /** Another protocol than that of the version. */
    public Connect protocol(String name, int newLevel) {
        protocolName = name;
        level = newLevel;
        return this;
    }

    /** Asks for the session that is there. */
    public Connect resume() {
        flags &= ~CLEAN_START;
        return this;
    }

    /** Sets Connect Flags, and nothing of what they stand for. */
    public Connect flags(int also) {
        flags |= also;
        return this;
    }

    /** In seconds. */
    public Connect keepAlive(int seconds) {
        keepAlive = seconds;
        return this;
    }

    /** Only written where the version has properties. */
    public Connect properties(Properties values) {
        return properties(values.toArray());
    }

    /** Properties as they are, with their length. */
    public Connect properties(byte[] values) {
        properties = values;
        return this;
    }

    /** A session that outlives its connection by this much; in 3.1.1, by as much as the server likes. */
    public Connect lasting(long seconds) {
        resume();
        return properties(new Properties().four(Properties.SESSION_EXPIRY_INTERVAL, seconds));
    }

    /** A will. */
    public Connect will(String topic, String payload, int qos, boolean retain) {
        return will(Bytes.utf8(topic), payload, qos, retain);
    }

    /** A will whose topic may be anything. */
    public Connect will(byte[] topic, String payload, int qos, boolean retain) {
        flags |= WILL | qos << 3 | (retain ? WILL_RETAIN : 0);
        willTopic = topic;
        willPayload = Bytes.utf8(payload);
        return this;
    }

    /** Only written where the version has properties and there is a will. */
    public Connect willProperties(Properties values) {
        willProperties = values;
        return this;
    }

    /** A user name, well-formed or not. */
    public Connect userName(byte[] value) {
        flags |= USER_NAME;
        userName = value;
        return this;
    }

    /** A password. */
    public Connect password(byte[] value) {
        flags |= PASSWORD;
        password = value;
        return this;
    }

    /** Bytes behind the payload. */
    public Connect rest(byte[] bytes) {
        rest = bytes;
        return this;
    }

    /** Without the fixed header. */
    public byte[] body() {
        Bytes body = new Bytes().string(protocolName).raw(level, flags).two(keepAlive);
        if (version.hasProperties()) {
            body.raw(properties);
        }
        body.binary(clientId);
        if (willTopic != null) {
            if (version.hasProperties()) {
                body.raw(willProperties.toArray());
            }
            body.binary(willTopic).binary(willPayload);
        }
        if (userName != null) {
            body.binary(userName);
        }
        if (password != null) {
            body.binary(password);
        }
        return body.raw(rest).toArray();
    }

    /** The packet. */
    public byte[] toArray() {
        return Packets.packet(header, new Bytes().raw(body()));
    }
}
