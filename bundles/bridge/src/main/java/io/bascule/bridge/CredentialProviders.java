/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Secret;
import io.bascule.bridge.link.CredentialSource;
import io.bascule.spi.CredentialProvider;
import io.bascule.spi.Credentials;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
                .<CredentialSource>map(provider -> (good, bad) -> ask(provider, definition, good, bad))
                .orElse((good, bad) -> good.accept(fixed));
    }

    private void ask(String name, BridgeDefinition definition, Consumer<Credentials> good, Consumer<String> bad) {
        Optional<ServiceReference<CredentialProvider>> reference = find(name);
        CredentialProvider provider = reference.map(context::getService).orElse(null);
        if (provider == null) {
            bad.accept("the credential provider " + name + " is not there");
            return;
        }
        CompletionStage<Credentials> asked;
        try {
            asked = provider.credentials(new CredentialProvider.Bridge(
                    definition.name(),
                    definition.clientId(),
                    definition.server().toString()));
        } catch (RuntimeException | LinkageError e) { // of another bundle
            context.ungetService(reference.get());
            bad.accept(why(name, e));
            return;
        }
        asked.whenComplete((given, failure) -> {
            unget(reference.get());
            if (given == null) {
                bad.accept(why(name, failure));
            } else {
                good.accept(given);
            }
        });
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

    private void unget(ServiceReference<CredentialProvider> reference) {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            return; // this bundle was stopped meanwhile, which gave it back
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
