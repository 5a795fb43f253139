/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Secret;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.link.CredentialSource;
import io.bascule.spi.CredentialProvider;
import io.bascule.spi.Credentials;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Finds the provider that a bridge names, when it is asked and not before: one that comes or goes meanwhile is nobody's concern. */
@Component(service = CredentialProviders.class)
public final class CredentialProviders {
    private final BundleContext context;

    /** Among the services of this framework. */
    @Activate
    public CredentialProviders(BundleContext context) {
        this.context = context;
    }

    /** What this bridge says: what its provider gives, or its user and password. */
    CredentialSource of(BridgeDefinition definition) {
        Credentials fixed =
                new Credentials(definition.user(), definition.password().map(Secret::reveal), Optional.empty());
        return definition
                .credentials()
                .<CredentialSource>map(
                        provider -> (server, good, bad) -> ask(provider, definition, server, new Asking(good, bad)))
                .orElse((server, good, bad) -> {
                    good.accept(fixed);
                    return () -> {};
                });
    }

    /** Those who wait for an answer, until they are let go of. */
    private static final class Asking implements Runnable {
        private Consumer<Credentials> good;
        private Consumer<String> bad;

        Asking(Consumer<Credentials> good, Consumer<String> bad) {
            this.good = good;
            this.bad = bad;
        }

        void answer(Credentials given, String why) {
            Consumer<Credentials> toGood;
            Consumer<String> toBad;
            synchronized (this) {
                toGood = good;
                toBad = bad;
                run();
            }
            if (toGood != null && given != null) {
                toGood.accept(given);
            } else if (toBad != null) {
                toBad.accept(why);
            }
        }

        @Override
        public synchronized void run() {
            good = null;
            bad = null;
        }
    }

    private Runnable ask(String name, BridgeDefinition definition, Server server, Asking asking) {
        Optional<ServiceReference<CredentialProvider>> reference = find(name);
        CredentialProvider provider = reference.map(context::getService).orElse(null);
        if (provider == null) {
            asking.answer(null, "the credential provider " + name + " is not there");
            return asking;
        }
        try {
            Objects.requireNonNull(
                            provider.credentials(new CredentialProvider.Bridge(
                                    definition.name(), definition.clientId(), server.toString())),
                            "it returns null")
                    .whenComplete((given, failure) -> asking.answer(given, why(name, failure)));
        } catch (RuntimeException | LinkageError e) { // of another bundle
            asking.answer(null, why(name, e));
        } finally {
            context.ungetService(reference.get());
        }
        return asking;
    }

    private Optional<ServiceReference<CredentialProvider>> find(String name) {
        try {
            return context.getServiceReferences(CredentialProvider.class, null).stream()
                    .filter(reference -> name.equals(reference.getProperty(CredentialProvider.NAME)))
                    .max(Comparator.naturalOrder());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
    }

    private static String why(String name, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String words =
                cause == null ? "it has none" : cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return "the credential provider " + name + " gives nothing: " + words;
    }
}
