/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.resource.ResourceScope;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

@Timeout(30)
class WatchTest {
    private static final int ERRORS = 2;

    @TempDir
    Path folder;

    private final ResourceScope scope = new ResourceScope("watch");
    /** The properties of the service by which it decides. */
    private final BlockingQueue<Dictionary<?, ?>> registered = new LinkedBlockingQueue<>();

    private final BundleContext context = fake(BundleContext.class, arguments -> {
        if (arguments[0] == Runnable.class) {
            registered.add((Dictionary<?, ?>) arguments[2]);
        }
        return fake(ServiceRegistration.class, none -> null);
    });

    @AfterEach
    void close() {
        scope.close();
    }

    private interface Answer {
        Object to(Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(arguments)));
    }

    @Test
    void looksAgainAfterAnError() throws Exception {
        Path file = Files.writeString(folder.resolve("words"), "word");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0)); // nobody writes it
        Map<String, Object> properties = Map.of("service.pid", "io.bascule.words~plant", "file", "words");
        FileProvider<String> provider =
                new FileProvider<>(ProviderConfig.read(properties, folder), new FailingFormat(ERRORS));
        Runnable service = () -> {};

        new Watch<>(context, scope, provider, Runnable.class, service).start();

        Dictionary<?, ?> itsProperties = registered.poll(10, TimeUnit.SECONDS);
        assertThat(itsProperties).isNotNull();
        assertThat(itsProperties.get("service.pid")).isEqualTo("io.bascule.words~plant");
        assertThat(itsProperties.get("io.bascule.name")).isEqualTo("plant");
    }

    /** Has to do with an error of the machine so many times. */
    private static final class FailingFormat implements FileFormat<String> {
        private int left;

        FailingFormat(int left) {
            this.left = left;
        }

        @Override
        public String kind() {
            return "word-file";
        }

        @Override
        public boolean secret() {
            return false;
        }

        @Override
        public String parse(String text) {
            if (left-- > 0) {
                throw new StackOverflowError("on purpose");
            }
            return text;
        }

        @Override
        public String describe(String content) {
            return content;
        }
    }
}
