/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.Message;
import io.bascule.spi.BridgeInterceptor;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;

/** Interceptors that do not behave, and whom they are for. */
class BridgeInterceptorsTest {
    private static final Message MESSAGE = Message.of("a", "m");
    private final BridgeInterceptors interceptors = new BridgeInterceptors();

    @SuppressWarnings("unchecked")
    private void add(Object names, BridgeInterceptor interceptor) {
        interceptors.addInterceptor(
                (ServiceReference<BridgeInterceptor>) Proxy.newProxyInstance(
                        ServiceReference.class.getClassLoader(),
                        new Class<?>[] {ServiceReference.class},
                        (proxy, method, arguments) -> method.getName().equals("getProperty") ? names : 0),
                interceptor);
    }

    private Optional<Message> cross(String bridge) {
        return interceptors.cross(new BridgeInterceptor.Way(bridge, Direction.FORWARD, "r"), MESSAGE);
    }

    @Test
    void dropsWhatOneThrowsAt() {
        add(null, (way, message) -> {
            throw new IllegalStateException("no");
        });
        assertThat(cross("b")).isEmpty();
    }

    @Test
    void dropsWhatOneReturnsNullFor() {
        add(null, (way, message) -> null);
        assertThat(cross("b")).isEmpty();
    }

    @Test
    void asksOneThatIsForABridge() {
        asksOneThatIsFor("b");
    }

    @Test
    void asksOneThatIsForSeveral() {
        asksOneThatIsFor(new String[] {"a", "b"});
    }

    @Test
    void asksOneThatIsForACollection() {
        asksOneThatIsFor(List.of("b"));
    }

    private void asksOneThatIsFor(Object names) {
        assertThat(interceptors.isNobody()).isTrue();
        add(names, (way, message) -> Optional.empty());
        assertThat(interceptors.isNobody()).isFalse();
        assertThat(cross("b")).isEmpty();
        assertThat(cross("c")).containsSame(MESSAGE);
    }
}
