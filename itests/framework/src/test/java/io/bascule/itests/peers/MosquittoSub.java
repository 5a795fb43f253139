/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.support.Eventually;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code mosquitto_sub}, from its SUBACK on. */
public final class MosquittoSub implements AutoCloseable {
    private static final String MARK = "message|";
    /** To say DISCONNECT, without which its will is published. */
    private static final long TO_LEAVE_SECONDS = 30;

    private final ChildProcess process;

    private MosquittoSub(ChildProcess process) {
        this.process = process;
    }

    /** One message as it came; {@code retain} is the flag of the delivery. */
    public record Received(String topic, int qos, boolean retain, String payload) {}

    /**
     * Starts it and waits until it is subscribed.
     *
     * @param version {@code mqttv311} or {@code mqttv5}
     * @param options further options of the command, such as {@code -c} for a session that stays
     */
    public static MosquittoSub start(
            int port, String version, String clientId, int qos, String filter, String... options) {
        // Debug output tells of the SUBACK; stdbuf hands on every line at once.
        List<String> command =
                new ArrayList<>(List.of("stdbuf", "-oL", Programs.find("mosquitto_sub"), "-d", "-h", "127.0.0.1"));
        command.addAll(List.of("-p", String.valueOf(port), "-V", version, "-i", clientId));
        command.addAll(List.of("-q", String.valueOf(qos), "-t", filter, "-F", MARK + "%t|%q|%r|%p"));
        command.addAll(Arrays.asList(options));
        MosquittoSub sub = new MosquittoSub(ChildProcess.start("mosquitto_sub " + clientId, command));
        Eventually.eventually("mosquitto_sub " + clientId + " is subscribed", sub::isSubscribed);
        return sub;
    }

    private boolean isSubscribed() {
        if (!process.isAlive()) {
            throw new IllegalStateException(process.explain());
        }
        return process.lines().stream().anyMatch(line -> line.startsWith("Subscribed"));
    }

    /** What has come so far, in order. */
    public List<Received> received() {
        return process.lines().stream()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.substring(MARK.length()).split("\\|", 4))
                .map(part -> new Received(part[0], Integer.parseInt(part[1]), part[2].equals("1"), part[3]))
                .toList();
    }

    /** The payloads of what has come so far, in order. */
    public List<String> payloads() {
        return received().stream().map(Received::payload).toList();
    }

    /** Everything it has printed, for the words of an assertion. */
    public List<String> output() {
        return process.lines();
    }

    /** Whether it is still there. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Takes away the connection without a DISCONNECT. */
    public void kill() {
        process.kill();
    }

    /** Disconnects in an orderly way. */
    @Override
    public void close() {
        process.close(TO_LEAVE_SECONDS);
    }
}
