/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker with one bridge, which forwards {@code up/#} to another broker as {@code far/up/#} at whatever QoS it comes. */
interface Near extends AutoCloseable {
    /** Its only bridge, unless a scene adds more. */
    String BRIDGE = "first";

    InetSocketAddress address();

    /** Processor time that it has used. */
    Duration cpu();

    /** The topic that has how many messages it has dropped, as {@link SysTopic} reads it. */
    String droppedTopic();

    @Override
    void close();

    /** Ours; its file may be written again, and others beside it. */
    record Bascule(BrokerProcess broker) implements Near {
        /**
         * Starts it.
         *
         * @param more lines of the bridge's file
         */
        static Bascule start(Path launcher, Cores cores, String jvm, InetSocketAddress remote, String more)
                throws IOException {
            Bascule near = new Bascule(new BrokerProcess(launcher, cores, jvm, ""));
            near.writeBridge(BRIDGE, remote, more);
            return near;
        }

        void writeBridge(String name, InetSocketAddress remote, String more) throws IOException {
            broker.write("io.bascule.bridge-" + name + ".cfg", text(name, remote, more));
        }

        static String text(String name, InetSocketAddress remote, String more) {
            return "server = mqtt://127.0.0.1:" + remote.getPort() + "\nclient.id = " + name
                    + "\nforward.up = up/# -> far/up/{#}\nreconnect.min = 100ms\nreconnect.max = 500ms\n" + more;
        }

        @Override
        public InetSocketAddress address() {
            return broker.address();
        }

        @Override
        public Duration cpu() {
            return broker.cpu();
        }

        @Override
        public String droppedTopic() {
            return "$SYS/broker/bridge/" + BRIDGE;
        }

        @Override
        public void close() {
            broker.close();
        }

        @Override
        public String toString() {
            return "Bascule";
        }
    }

    /** Debian's Mosquitto with its own bridge. */
    record Mosquitto(Peer peer) implements Near {
        /**
         * Starts it.
         *
         * @param prefix in front of its command
         * @param more lines of its configuration
         */
        static Mosquitto start(List<String> prefix, InetSocketAddress remote, String more) throws IOException {
            return new Mosquitto(Peer.mosquitto(
                    prefix,
                    more + "connection " + BRIDGE + "\naddress 127.0.0.1:" + remote.getPort()
                            + "\ntopic # out 2 up/ far/up/\nremote_clientid " + BRIDGE
                            + "\ncleansession false\nnotifications false\nrestart_timeout 1\n"));
        }

        @Override
        public InetSocketAddress address() {
            return peer.address();
        }

        @Override
        public Duration cpu() {
            return peer.cpu();
        }

        @Override
        public String droppedTopic() {
            return "$SYS/broker/publish/messages/dropped";
        }

        @Override
        public void close() {
            peer.close();
        }

        @Override
        public String toString() {
            return "Mosquitto";
        }
    }
}
