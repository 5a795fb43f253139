/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher.host;

import io.bascule.api.Broker;
import io.bascule.api.Identity;
import io.bascule.api.OpenListener;
import io.bascule.launcher.Bascule;
import io.bascule.launcher.Settings;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.Authenticator;
import io.bascule.spi.MessageSubscriber;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/** Runs a broker, says on standard output what it does, and ends when standard input does. */
public final class Host {
    private final Path folder;

    private Host(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        new Host(Path.of(arguments[0])).run();
    }

    private void run() throws Exception {
        Settings settings = new Settings(folder.resolve("etc"), folder.resolve("data"), false).sharingApi();
        try (Bascule bascule = Bascule.start(settings)) {
            plugIn(bascule.context());
            System.out.println("listening on " + awaitListener(bascule.context(), "main"));
            Broker broker = bascule.broker();
            broker.publish(Message.of("plant/line1/state", "running").withRetain(true));
            awaitEndOfInput();
        }
        System.out.println("stopped");
    }

    private static void plugIn(BundleContext context) {
        MessageSubscriber printer = message -> System.out.println(message.topic() + ": " + message.text());
        context.registerService(
                MessageSubscriber.class, printer, new Hashtable<>(Map.of(MessageSubscriber.TOPIC_FILTER, "plant/#")));

        Authenticator gatekeeper = client -> CompletableFuture.completedFuture(
                client.userName().filter("operator"::equals).isPresent()
                        ? new AuthenticationResult.Accepted(Identity.of("operator"))
                        : AuthenticationResult.Rejected.with(ReasonCode.NOT_AUTHORIZED));
        context.registerService(Authenticator.class, gatekeeper, null);
    }

    private static int awaitListener(BundleContext context, String name)
            throws InvalidSyntaxException, InterruptedException {
        Filter filter = context.createFilter(
                "(&(objectClass=" + OpenListener.class.getName() + ")(" + OpenListener.NAME + "=" + name + "))");
        ServiceTracker<OpenListener, OpenListener> tracker = new ServiceTracker<>(context, filter, null);
        tracker.open();
        try {
            return tracker.waitForService(10_000).address().getPort();
        } finally {
            tracker.close();
        }
    }

    private static void awaitEndOfInput() throws Exception {
        while (System.in.read() >= 0) {
            // Nobody says anything.
        }
    }
}
