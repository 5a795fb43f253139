/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.SecurityProvider;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.EnhancedAuthenticator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Named services of a framework. */
final class TrackedServices implements NamedServices {
    private final BundleContext context;
    private final List<String> authenticators;
    private final List<String> authorizers;
    private final Names identifying;
    private final Names authorizing;

    TrackedServices(BundleContext context, List<String> authenticators, List<String> authorizers) {
        this.context = context;
        this.authenticators = authenticators;
        this.authorizers = authorizers;
        this.identifying = new Names(context, Authenticator.class, EnhancedAuthenticator.class);
        this.authorizing = new Names(context, Authorizer.class);
    }

    @Override
    public void open(Runnable changed) {
        identifying.open(changed);
        authorizing.open(changed);
    }

    @Override
    public Optional<String> missing() {
        List<String> missing = Stream.concat(
                        missing("authenticator", authenticators, identifying),
                        missing("authorizer", authorizers, authorizing))
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", missing));
    }

    private Stream<String> missing(String kind, List<String> wanted, Names there) {
        return wanted.stream()
                .filter(name -> !there.has(name))
                .map(name -> kind + " " + name + " is not there" + reason(name));
    }

    private String reason(String name) {
        try {
            return context.getServiceReferences(SecurityProvider.class, null).stream()
                    .filter(each -> name.equals(each.getProperty(SecurityProvider.NAME)))
                    .map(this::failure)
                    .flatMap(Optional::stream)
                    .map(failure -> ": " + failure)
                    .collect(Collectors.joining());
        } catch (InvalidSyntaxException | IllegalStateException e) {
            return "";
        }
    }

    private Optional<String> failure(ServiceReference<SecurityProvider> reference) {
        SecurityProvider provider = context.getService(reference);
        if (provider == null) {
            return Optional.empty();
        }
        try {
            return provider.failure();
        } finally {
            context.ungetService(reference);
        }
    }

    @Override
    public void close() {
        identifying.close();
        authorizing.close();
    }

    /** By service, its name. */
    private static final class Names extends ServiceTracker<Object, String> {
        private final Map<ServiceReference<Object>, String> there = new ConcurrentHashMap<>();
        private Runnable changed;

        Names(BundleContext context, Class<?>... types) {
            super(context, filter(context, types), null);
        }

        void open(Runnable whenChanged) {
            changed = whenChanged;
            open();
        }

        private static Filter filter(BundleContext context, Class<?>... types) {
            String anyType = Stream.of(types)
                    .map(type -> "(" + Constants.OBJECTCLASS + "=" + type.getName() + ")")
                    .collect(Collectors.joining("", "(|", ")"));
            try {
                return context.createFilter("(&(" + SecurityProvider.NAME + "=*)" + anyType + ")");
            } catch (InvalidSyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean has(String name) {
            return there.containsValue(name);
        }

        @Override
        public String addingService(ServiceReference<Object> reference) {
            String name = String.valueOf(reference.getProperty(SecurityProvider.NAME));
            there.put(reference, name);
            changed.run();
            return name;
        }

        @Override
        public void removedService(ServiceReference<Object> reference, String name) {
            there.remove(reference);
            changed.run();
        }
    }
}
