/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.house;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.ListenerStatus;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Dictionary;
import java.util.Map;
import org.junit.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationPlugin;

/** A burst of edits ends in the last one, at whatever moment of the one before it comes. */
public class EditsIT extends InFramework {

    @Test(timeout = 60_000)
    public void aListenerTakesAnEditThatComesWhileTheOneBeforeIsRead() throws IOException {
        openListener("a");
        int last = Ports.free();

        twoEdits("max.packet.size", "2KiB", () -> configureListener("a", on(last)), () -> {
            configureListener("a", Map.of("host", "127.0.0.1", "port", "0", "max.packet.size", "2KiB"));
        });

        eventually(() -> assertThat(listener("a").map(ListenerStatus::port)).hasValue(last));
    }

    private static Map<String, String> on(int port) {
        return Map.of("host", "127.0.0.1", "port", String.valueOf(port));
    }

    @Test(timeout = 60_000)
    public void aBridgeTakesAnEditThatComesWhileTheOneBeforeIsRead() throws IOException {
        configureBridge("b", forwarding("before/#"));
        eventually(() -> assertThat(bridge("b")).isPresent());

        twoEdits(
                "forward.a",
                "first/#",
                () -> configureBridge("b", forwarding("last/#")),
                () -> configureBridge("b", forwarding("first/#")));

        eventually(() -> assertThat(bridge("b").map(BridgeStatus::routes))
                .hasValueSatisfying(routes -> assertThat(routes)
                        .singleElement()
                        .satisfies(route -> assertThat(route.rule()).isEqualTo("last/#"))));
    }

    private static Map<String, String> forwarding(String filter) throws IOException {
        return Map.of("server", "mqtt://127.0.0.1:" + Ports.free(), "forward.a", filter);
    }

    /** Makes the first edit, which has this value, and the last one in the middle of reading the first. */
    private void twoEdits(String key, String value, Edit last, Edit first) throws IOException {
        Interloper interloper = new Interloper(key, value, last);
        ServiceRegistration<ConfigurationPlugin> plugin =
                context.registerService(ConfigurationPlugin.class, interloper, null);
        try {
            first.make();
            eventually("the first edit is read", interloper::hasCome);
        } finally {
            plugin.unregister();
        }
    }

    private interface Edit {
        void make() throws IOException;
    }

    /** Makes an edit while whoever reads a configuration has its properties and not yet its change count. */
    private static final class Interloper implements ConfigurationPlugin {
        private final String key;
        private final String value;
        private final Edit edit;
        private volatile boolean come;

        Interloper(String key, String value, Edit edit) {
            this.key = key;
            this.value = value;
            this.edit = edit;
        }

        boolean hasCome() {
            return come;
        }

        @Override
        public void modifyConfiguration(ServiceReference<?> reader, Dictionary<String, Object> properties) {
            if (!come && value.equals(properties.get(key))) {
                come = true;
                try {
                    edit.make();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
