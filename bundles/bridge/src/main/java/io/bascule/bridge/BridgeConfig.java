/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What any OSGi console draws a form from: the fixed keys with their types, defaults and bounds. The values are read by
 * {@link io.bascule.bridge.config.BridgeReader}, and a test keeps the two alike.
 */
@ObjectClassDefinition(
        name = "Bascule bridge",
        description =
                "A bridge to another MQTT broker, one file io.bascule.bridge-<name>.cfg each. Besides these keys it takes routes:"
                        + " forward.<name> (local to remote), subscribe.<name> (remote to local) and both.<name>, each"
                        + " filter[, filter] [-> template] [qos=0|1|2|keep] [retain=keep|strip|force|diff] [exclude=filter,filter].")
@interface BridgeConfig {
    @AttributeDefinition(
            description =
                    "Whether the bridge connects; where it does not, what its forward routes take waits all the same.")
    boolean enabled() default true;

    @AttributeDefinition(
            description =
                    "When the bridge connects: automatic, at once; manual, when somebody starts it; lazy, when enough waits, and leaves"
                            + " again when there is nothing more to do.",
            options = {
                @Option(value = "automatic", label = "at once"),
                @Option(value = "manual", label = "when it is started"),
                @Option(value = "lazy", label = "when enough waits")
            })
    String start_type() default "automatic";

    @AttributeDefinition(
            description =
                    "How many messages have to wait for a lazy bridge to connect, 1 to 1000000; 10 where none is given.",
            min = "1",
            max = "1000000",
            required = false)
    int threshold();

    @AttributeDefinition(
            description =
                    "How long a message waits at most before a lazy bridge connects for it, 1s to 3650d; 5m where none is given.",
            required = false)
    String threshold_age();

    @AttributeDefinition(
            description =
                    "How long nothing crosses before a lazy bridge leaves the remote broker, 1s to 1d; 60s where none is given.",
            required = false)
    String idle_timeout();

    @AttributeDefinition(
            description =
                    "The service that the remote broker is, for defaults of other keys and of the options of routes that it takes.",
            options = {
                @Option(value = "aws-iot", label = "AWS IoT Core"),
                @Option(value = "azure-eventgrid", label = "Azure Event Grid"),
                @Option(value = "azure-iothub", label = "Azure IoT Hub"),
                @Option(value = "emqx-cloud", label = "EMQX Cloud"),
                @Option(value = "hivemq-cloud", label = "HiveMQ Cloud")
            },
            required = false)
    String profile();

    @AttributeDefinition(
            description =
                    "The remote broker, or several separated by commas: mqtt://host:port, mqtts:// over TLS, ws://host:port/path in a WebSocket, wss:// over both;"
                            + " where none is given the port is 1883, 8883, 80 or 443, and the path /mqtt.")
    String server();

    @AttributeDefinition(
            description =
                    "Whether several servers take turns; otherwise the first of them that can be reached is used.")
    boolean round_robin() default false;

    @AttributeDefinition(
            description =
                    "How often the servers before it are tried while a later one is connected, 1s to 1d; 60s where none is given. It goes with"
                            + " round.robin = false alone.",
            required = false)
    String failback_interval();

    @AttributeDefinition(
            description =
                    "A PEM file with the certificates of those who may have issued the remote broker's; those whom the Java"
                            + " runtime trusts where none is given.",
            required = false)
    String tls_ca();

    @AttributeDefinition(
            description = "A PEM file with the certificate that the bridge shows, and those of its issuers.",
            required = false)
    String tls_certificate();

    @AttributeDefinition(description = "A PEM file with the private key of tls.certificate.", required = false)
    String tls_key();

    @AttributeDefinition(
            description = "The password of tls.key, where it has one.",
            type = AttributeType.PASSWORD,
            required = false)
    String tls_key_password();

    @AttributeDefinition(
            description = "A PKCS#12 file with certificate and private key, in place of tls.certificate and tls.key.",
            required = false)
    String tls_keystore();

    @AttributeDefinition(
            description = "The password of tls.keystore, where it has one.",
            type = AttributeType.PASSWORD,
            required = false)
    String tls_keystore_password();

    @AttributeDefinition(
            description = "The lowest version of TLS; 1.2 where none is given.",
            options = {@Option(value = "1.2", label = "TLS 1.2"), @Option(value = "1.3", label = "TLS 1.3")},
            required = false)
    String tls_version_min();

    @AttributeDefinition(
            description = "The protocols that are offered by ALPN, separated by commas, the most wanted first.",
            required = false)
    String tls_alpn();

    @AttributeDefinition(
            description =
                    "The host that is asked for (SNI) and that the certificate has to name; the server's where none is given.",
            required = false)
    String tls_server_name();

    // A text: for a flag that nobody has touched a console may write false.
    @AttributeDefinition(
            description =
                    "Whether the certificate of the remote broker has to name its host; true where none is given.",
            options = {@Option(value = "true", label = "true"), @Option(value = "false", label = "false")},
            required = false)
    String tls_verify_hostname();

    @AttributeDefinition(
            description =
                    "The proxy through which the remote broker is reached, http://host:port or socks5://host:port.",
            required = false)
    String proxy();

    @AttributeDefinition(description = "The user name for the proxy.", required = false)
    String proxy_user();

    @AttributeDefinition(
            description = "The password for the proxy, best as $[secret:name] or $[env:NAME].",
            type = AttributeType.PASSWORD,
            required = false)
    String proxy_password();

    @AttributeDefinition(
            description =
                    "The IP address of this machine that connections leave from; the system's choice where none is given.",
            required = false)
    String bind_address();

    @AttributeDefinition(
            description =
                    "After how much silence TCP asks whether the other end is there, in whole seconds, 1s to 9h; never where none is given.",
            required = false)
    String tcp_keepalive();

    @AttributeDefinition(
            description =
                    "How long what was sent may go without TCP's acknowledgement, in whole seconds, 1s to 1d; the system's choice where"
                            + " none is given. Linux with the transport epoll only.",
            required = false)
    String tcp_user_timeout();

    @AttributeDefinition(
            description =
                    "How many connections are made to the remote broker, 1 to 16. What leaves with QoS 0 and 1 is shared out among them by its topic.",
            min = "1",
            max = "16")
    int connections() default 1;

    @AttributeDefinition(
            description =
                    "The client id at the remote broker, in it {bridge}, the bridge's name, and {host}, this machine's; bascule-<name> where none is given.",
            required = false)
    String client_id();

    @AttributeDefinition(
            description = "The user name for the remote broker, in it {bridge} and {host} as in client.id.",
            required = false)
    String user();

    @AttributeDefinition(
            description = "The password for the remote broker, best as $[secret:name] or $[env:NAME].",
            type = AttributeType.PASSWORD,
            required = false)
    String password();

    @AttributeDefinition(
            description =
                    "The name of a service of this framework that provides user and password, in place of these two.",
            required = false)
    String credentials();

    @AttributeDefinition(
            description =
                    "The protocol version; auto is 5.0 and, where the remote broker does not take that, 3.1.1. Where none is given 5.0, or what"
                            + " the profile says.",
            options = {
                @Option(value = "5.0", label = "MQTT 5.0"),
                @Option(value = "3.1.1", label = "MQTT 3.1.1"),
                @Option(value = "auto", label = "5.0, else 3.1.1")
            },
            required = false)
    String protocol();

    @AttributeDefinition(
            description = "The longest silence of the connection, in whole seconds, 1s to 65535s; a remote broker that"
                    + " is silent for one and a half of it is taken for lost.")
    String keepalive() default "60s";

    @AttributeDefinition(description = "Whether nothing is kept at either end while the bridge is not connected.")
    boolean clean_start() default false;

    @AttributeDefinition(
            description =
                    "How long the remote broker is to keep the session while the bridge is not connected, in whole seconds, 1s to 3650d; for ever where"
                            + " none is given. MQTT 5.0 alone.",
            required = false)
    String session_expiry();

    @AttributeDefinition(
            description =
                    "How long both sessions, and what waits in them, outlive a configuration that is deleted, in whole"
                            + " seconds, 0s to 7d.")
    String delete_grace() default "60s";

    @AttributeDefinition(
            description = "How long a connection may take to come about, and then to be accepted, 100ms to 10m.")
    String connect_timeout() default "30s";

    @AttributeDefinition(description = "The shortest time between two attempts to connect, 10ms to 1h.")
    String reconnect_min() default "1s";

    @AttributeDefinition(
            description =
                    "The longest time between two attempts to connect, up to which it grows by doubling, 10ms to 1d.")
    String reconnect_max() default "60s";

    @AttributeDefinition(
            description =
                    "How many QoS 1 and 2 messages may be unacknowledged in each direction, 1 to 65535; 1024 where none is given,"
                            + " and 20 with MQTT 3.1.1, whose brokers cannot say what they bear.",
            min = "1",
            max = "65535",
            required = false)
    int receive_maximum();

    @AttributeDefinition(
            description =
                    "How many QoS 0 messages a second are read from the remote broker; one above 1 KiB counts once for each"
                            + " KiB begun. What is beyond waits there.",
            min = "1",
            max = "1000000",
            required = false)
    int receive_rate() default 50_000;

    @AttributeDefinition(
            description = "How many Topic Aliases the remote broker may use, 0 to 65535; 5.0 alone has them.",
            min = "0",
            max = "65535",
            required = false)
    int topic_alias_maximum() default 64;

    @AttributeDefinition(
            description =
                    "How many messages a second are sent to the remote broker, 1 to 1000000; as many as it takes where none is given.",
            min = "1",
            max = "1000000",
            required = false)
    int send_rate();

    @AttributeDefinition(
            description =
                    "How many bytes of topics and payloads a second are sent to the remote broker, such as 64KiB, 1KiB to 1024GiB; as many as"
                            + " it takes where none is given.",
            required = false)
    String send_byte_rate();

    @AttributeDefinition(
            description = "The same as send.rate for what has waited for a connection, until nothing waits any more.",
            min = "1",
            max = "1000000",
            required = false)
    int backlog_rate();

    @AttributeDefinition(
            description =
                    "The same as send.byte.rate for what has waited for a connection, until nothing waits any more.",
            required = false)
    String backlog_byte_rate();

    @AttributeDefinition(
            description =
                    "How many bytes of topics and payloads may be sent to the remote broker in a day of UTC, such as 50MiB, 1KiB to 1024TiB; what is"
                            + " beyond waits for the next. As many as there are where none is given.",
            required = false)
    String budget_day();

    @AttributeDefinition(description = "The same as budget.day for a month of UTC.", required = false)
    String budget_month();

    @AttributeDefinition(
            description = "The topic at the remote broker where it is told, retained, whether this bridge is there;"
                    + " nothing is told where none is given.",
            required = false)
    String status_topic();

    @AttributeDefinition(
            description =
                    "The topic of this broker at which messages are published that are too large to cross; they are dropped where none is"
                            + " given.",
            required = false)
    String dead_letter_topic();

    @AttributeDefinition(
            description =
                    "How many filters a SUBSCRIBE to the remote broker bears at most, 1 to 100; 100 where none is given, or what the profile says.",
            min = "1",
            max = "100",
            required = false)
    int filters_maximum();

    @AttributeDefinition(
            description =
                    "How many levels the topic of a message has at most that is sent to the remote broker, 1 to 65535; as many as there are where"
                            + " none is given, or what the profile says.",
            min = "1",
            max = "65535",
            required = false)
    int topic_levels_maximum();

    @AttributeDefinition(
            description =
                    "How many bytes it has at most, such as 256B, 1B to 65535B; as many as there are where none is given, or what the profile says.",
            required = false)
    String topic_bytes_maximum();

    @AttributeDefinition(
            description = "Messages that may wait to be forwarded, 0 or more. Where no key of queue is given, the"
                    + " broker's limits hold; where one is, 100000.",
            min = "0",
            required = false)
    int queue_messages();

    @AttributeDefinition(
            description = "Memory that the messages that wait may take, 0B or more; 256MiB as queue.messages.",
            required = false)
    String queue_bytes();

    @AttributeDefinition(
            description = "How long a message may wait to be forwarded, 1s to 3650d; for ever where none is given.",
            required = false)
    String queue_age();

    @AttributeDefinition(
            description =
                    "What gives way when the queue is full: drop-newest (as queue.messages), drop-oldest, or block, which"
                            + " makes publishers of QoS 1 and 2 wait for their acknowledgement.",
            required = false)
    String queue_policy();

    @AttributeDefinition(
            description =
                    "The names of those who say what the bridge may do in this broker, separated by commas, in the order in which"
                            + " they are asked, or none; without it all that there are. It waits as long as one of them is not there.",
            required = false)
    String authorizers();

    @AttributeDefinition(description = "The largest packet accepted from the remote broker, 1KiB to 256MiB.")
    String max_packet_size() default "16MiB";

    @AttributeDefinition(
            description =
                    "How many bridges a message crosses at most, this one included, 1 to 32; 5.0 alone counts them.",
            min = "1",
            max = "32")
    int hops_maximum() default 8;
}
