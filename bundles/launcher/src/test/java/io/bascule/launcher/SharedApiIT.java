/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Broker;
import io.bascule.api.Identity;
import io.bascule.api.Listener;
import io.bascule.api.ListenerStatus;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.Authenticator;
import io.bascule.spi.MessageSubscriber;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;

/** The broker as a library that shares its api with the host. */
class SharedApiIT {
    @TempDir
    Path folder;

    private Settings settings;

    @BeforeEach
    void lay() throws IOException {
        Path etc = Files.createDirectory(folder.resolve("etc"));
        Files.writeString(etc.resolve("io.bascule.listener-main.cfg"), "port = 0\n");
        settings = new Settings(etc, folder.resolve("data"), false).sharingApi();
    }

    @Test
    void givesTheHostTheBroker() throws Throwable {
        try (Bascule bascule = Bascule.start(settings)) {
            Broker broker = bascule.broker();
            List<String> received = new CopyOnWriteArrayList<>();
            Session session = get(broker.open(
                    SessionOptions.temporary("host"),
                    delivery -> received.add(delivery.message().text())));
            get(session.subscribe(List.of(Subscription.of(TopicFilter.of("a/+"), QoS.AT_MOST_ONCE))));

            ReasonCode reason = get(broker.publish(Message.of("a/b", "hello")));

            assertThat(reason).isEqualTo(ReasonCode.SUCCESS);
            eventually(() -> assertThat(received).containsExactly("hello"));
            assertThat(broker.sessions()).extracting(each -> each.clientId()).containsExactly("host");
        }
    }

    @Test
    void givesItTheNextBrokerAfterAnEdit() throws Throwable {
        try (Bascule bascule = Bascule.start(settings)) {
            Broker first = bascule.broker();

            // Whole at once, so that there is one other broker and not two.
            Path written = Files.writeString(folder.resolve("written"), "topic.levels = 3\n");
            Files.move(written, settings.etc().resolve("io.bascule.broker.cfg"));

            eventually(() -> assertThat(bascule.broker()).isNotSameAs(first));
            assertThat(get(bascule.broker().publish(Message.of("a/b", "hello"))))
                    .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        }
    }

    @Test
    void takesTheApiFromTheClassPathAlone() throws Exception {
        try (Bascule bascule = Bascule.start(settings)) {
            for (Bundle bundle : bascule.context().getBundles()) {
                assertThat(bundle.getSymbolicName()).isNotEqualTo("io.bascule.api");
                boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
                assertThat(bundle.getState())
                        .as(bundle.getSymbolicName())
                        .isEqualTo(fragment ? Bundle.RESOLVED : Bundle.ACTIVE);
                if (bundle.getSymbolicName().equals("io.bascule.bridge")) {
                    assertThat(bundle.loadClass("io.bascule.config.LatestConfiguration"))
                            .isSameAs(io.bascule.config.LatestConfiguration.class);
                }
            }
        }
    }

    @Test
    void takesServicesOfTheHost() throws Throwable {
        try (Bascule bascule = Bascule.start(settings)) {
            List<String> received = new CopyOnWriteArrayList<>();
            MessageSubscriber subscriber = message -> received.add(message.text());
            bascule.context()
                    .registerService(
                            MessageSubscriber.class,
                            subscriber,
                            new Hashtable<>(Map.of(MessageSubscriber.TOPIC_FILTER, "a/#")));
            ServiceRegistration<Authenticator> authenticator = bascule.context()
                    .registerService(
                            Authenticator.class,
                            client -> judge(client.userName().orElse("")),
                            null);
            eventually(() ->
                    assertThat(bascule.broker().receivers(Topic.of("a/b"))).hasSize(1));
            int port = port(bascule);

            try (RawClient stranger = RawClient.connect(port, "stranger", "somebody")) {
                assertThat(stranger.returnCode()).isEqualTo(4);
            }
            try (RawClient operator = RawClient.connect(port, "operator", "operator")) {
                assertThat(operator.returnCode()).isZero();
                assertThat(bascule.broker().session("operator").orElseThrow().userName())
                        .contains("operator");
                operator.publish("a/b", "hello");
            }
            eventually(() -> assertThat(received).containsExactly("hello"));

            authenticator.unregister();
            try (RawClient stranger = RawClient.connect(port, "stranger", "somebody")) {
                assertThat(stranger.returnCode()).isZero();
            }
        }
    }

    private static CompletionStage<AuthenticationResult> judge(String userName) {
        return CompletableFuture.completedFuture(
                userName.equals("operator")
                        ? new AuthenticationResult.Accepted(Identity.of(userName))
                        : AuthenticationResult.Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
    }

    @Test
    void isOneBrokerAfterTheOtherWithTheSameSessions() throws Exception {
        for (int i = 0; i < 3; i++) {
            Bascule bascule = Bascule.start(settings);
            assertThat(bascule.broker().info().sessions()).isEqualTo(i);
            get(bascule.broker().open(SessionOptions.lasting("host-" + i), delivery -> {}));
            bascule.close();

            assertThatThrownBy(bascule::broker)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the broker is stopped");
        }
    }

    @Test
    void leavesNoClassOfAnyBundle() throws Throwable {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (Bascule bascule = Bascule.start(settings)) {
            MessageSubscriber subscriber = message -> {};
            bascule.context()
                    .registerService(
                            MessageSubscriber.class,
                            subscriber,
                            new Hashtable<>(Map.of(MessageSubscriber.TOPIC_FILTER, "#")));
            eventually(() -> assertThat(bascule.broker().sessions()).hasSize(1));
            get(bascule.broker().publish(Message.of("a", "b")));
            for (Bundle bundle : bascule.context().getBundles()) {
                ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
                if (loader != null && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
                    loaders.add(new WeakReference<>(loader));
                }
            }
        }

        assertThat(loaders).hasSizeGreaterThan(20);
        eventually(() -> {
            System.gc();
            assertThat(loaders).allMatch(loader -> loader.refersTo(null));
        });
    }

    @Test
    void keepsTheBrokerToItselfUnlessAsked() throws Exception {
        Settings apart = new Settings(settings.etc(), settings.data(), false);
        try (Bascule bascule = Bascule.start(apart)) {
            assertThatThrownBy(bascule::broker)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Settings.sharingApi()");
        }
    }

    /** A class path without the api, as that of a host that does not mean to use it. */
    @Test
    void saysThatTheClassPathLacksTheApi() throws Throwable {
        List<URL> path = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!each.contains("io.bascule.api")) {
                path.add(Path.of(each).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> settingsType = loader.loadClass(Settings.class.getName());
            Class<?> basculeType = loader.loadClass(Bascule.class.getName());
            Object apart = settingsType
                    .getConstructor(Path.class, Path.class, boolean.class)
                    .newInstance(settings.etc(), settings.data(), false);
            Object shared = settingsType.getMethod("sharingApi").invoke(apart);
            // Not by reflection, which wants to know the types of all methods.
            MethodHandle start = MethodHandles.publicLookup()
                    .findStatic(basculeType, "start", MethodType.methodType(basculeType, settingsType));

            assertThatThrownBy(() -> start.invoke(shared))
                    .hasMessage("to be shared, io.bascule.api must be on the class path beside the launcher");
            ((AutoCloseable) start.invoke(apart)).close(); // and without sharing it is not missed
        }
    }

    private static int port(Bascule bascule) throws Throwable {
        AtomicInteger port = new AtomicInteger();
        eventually(() -> {
            ServiceReference<Listener> reference = bascule.context().getServiceReference(Listener.class);
            assertThat(reference).as("a listener").isNotNull();
            ListenerStatus status = bascule.context().getService(reference).status();
            assertThat(status.state()).isEqualTo(ListenerStatus.State.OPEN);
            port.set(status.port());
        });
        return port.get();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
