/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.loops;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.PlainFramework;
import io.bascule.itests.support.TestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** One of our brokers, in a framework of its own, configured by files. */
final class Node implements AutoCloseable {
    private static final String BRIDGE = "io.bascule.api.Bridge";
    private static final String FORGETFUL_IMPORTS =
            String.join(",", "org.osgi.framework", "io.bascule.mqtt", "io.bascule.spi");

    private final String name;
    private final int port = Ports.free();
    private final PlainFramework framework = PlainFramework.felix();
    private final List<Path> bridges = new ArrayList<>();
    private Bundle forgetful;

    private Node(String name) {
        this.name = name;
    }

    /** Starts it and waits until it accepts connections. */
    static Node start(String name) throws IOException {
        Node node = new Node(name);
        node.write("io.bascule.listener-plain.cfg", Map.of("port", String.valueOf(node.port)));
        Eventually.eventually(name + " listens", () -> Ports.answers(node.port));
        return node;
    }

    int port() {
        return port;
    }

    /** Sets up a bridge; its name must not have been used before. */
    void bridge(String bridge, Map<String, String> properties) throws IOException {
        bridges.add(write("io.bascule.bridge-" + bridge + ".cfg", properties));
    }

    /** Waits until every bridge is connected. */
    void awaitConnected() {
        Eventually.eventually(() -> assertThat(statuses())
                .hasSize(bridges.size())
                .allSatisfy(status -> assertThat(status).contains("state=CONNECTED")));
    }

    /** Takes all bridges away, and waits until they are gone. */
    void removeBridges() throws IOException {
        for (Path bridge : bridges) {
            Files.delete(bridge);
        }
        bridges.clear();
        Eventually.eventually(() -> assertThat(statuses()).isEmpty());
    }

    /** The status of every bridge in words. */
    List<String> statuses() {
        try {
            ServiceReference<?>[] found = framework.context().getAllServiceReferences(BRIDGE, null);
            return found == null
                    ? List.of()
                    : List.of(found).stream()
                            .map(this::status)
                            .flatMap(Optional::stream)
                            .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The interface is a class of that framework, and none of this class path. */
    private Optional<String> status(ServiceReference<?> reference) {
        Object bridge = framework.context().getService(reference);
        if (bridge == null) {
            return Optional.empty();
        }
        try {
            Class<?> type = bridge.getClass().getInterfaces()[0];
            assertThat(type.getName()).isEqualTo(BRIDGE);
            return Optional.of(type.getMethod("status").invoke(bridge).toString());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } finally {
            framework.context().ungetService(reference);
        }
    }

    /** From now on it forgets the way that messages have come, until it is to remember again. */
    void forget(boolean hops) throws BundleException {
        if (hops) {
            forgetful = framework.install(
                    "forgetful", TestBundle.of("forgetful", FORGETFUL_IMPORTS, List.of(ForgetfulBundle.class)));
            forgetful.start();
        } else if (forgetful != null) {
            forgetful.uninstall();
            forgetful = null;
        }
    }

    /** Whole or not at all. */
    private Path write(String file, Map<String, String> properties) throws IOException {
        Path written = Files.writeString(
                framework.etc().resolve(file + ".new"),
                properties.entrySet().stream()
                        .map(each -> each.getKey() + " = " + each.getValue())
                        .collect(Collectors.joining("\n")));
        return Files.move(written, framework.etc().resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        framework.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
