/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.SecurityProvider;
import io.bascule.config.ConfiguredProviders;
import io.bascule.config.ConfiguredProviders.Kind;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.EnhancedAuthenticator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Services of a framework: those of some names, or all, which lack one that is configured and not there. */
final class TrackedServices implements NamedServices {
    private final BundleContext context;
    private final Wanted identifying;
    private final Wanted authorizing;
    private ConfiguredProviders configured;
    private volatile boolean open; // before that it is not known who is there

    /** Of one kind, those that are wanted and those that are there. */
    private record Wanted(String what, Kind kind, Optional<List<String>> names, Present present) {

        /** By names or PIDs. */
        Stream<String> missing(ConfiguredProviders configured) {
            return names.map(some -> missingOf(some, configured))
                    .orElseGet(() -> configured.pids(kind).stream()
                            .filter(pid -> !present.hasPid(pid))
                            .sorted());
        }

        /** Several kinds may have the same name: each is wanted of which there is a configuration. */
        private Stream<String> missingOf(List<String> some, ConfiguredProviders configured) {
            return some.stream()
                    .flatMap(name -> present.hasName(name)
                            ? configured.pids(kind).stream()
                                    .filter(pid -> name.equals(ConfiguredProviders.name(pid)) && !present.hasPid(pid))
                                    .sorted()
                            : Stream.of(name));
        }
    }

    TrackedServices(BundleContext context, Optional<List<String>> authenticators, Optional<List<String>> authorizers) {
        this.context = context;
        this.identifying = new Wanted(
                "authenticator",
                Kind.AUTHENTICATOR,
                authenticators,
                new Present(context, Authenticator.class, EnhancedAuthenticator.class));
        this.authorizing =
                new Wanted("authorizer", Kind.AUTHORIZER, authorizers, new Present(context, Authorizer.class));
    }

    @Override
    public void open(Runnable changed) {
        Runnable whenOpen = () -> {
            if (open) {
                changed.run();
            }
        };
        configured = new ConfiguredProviders(context, whenOpen);
        configured.open();
        identifying.present().open(whenOpen);
        authorizing.present().open(whenOpen);
        open = true;
    }

    @Override
    public Optional<String> missing() {
        return missing(identity -> "");
    }

    @Override
    public Optional<String> explained() {
        return missing(this::reason);
    }

    private Optional<String> missing(UnaryOperator<String> reason) {
        List<String> missing = Stream.of(identifying, authorizing)
                .flatMap(wanted -> wanted.missing(configured)
                        .map(identity -> wanted.what() + " " + identity + " is not there" + reason.apply(identity)))
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", missing));
    }

    /** @param identity the provider's name, or the PID of its configuration */
    private String reason(String identity) {
        try {
            return context.getServiceReferences(SecurityProvider.class, null).stream()
                    .filter(each -> identity.equals(each.getProperty(SecurityProvider.NAME))
                            || identity.equals(each.getProperty(Constants.SERVICE_PID)))
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
        } catch (RuntimeException | LinkageError e) { // of another bundle, which may be half gone
            return Optional.of("it cannot say why: " + e);
        } finally {
            context.ungetService(reference);
        }
    }

    @Override
    public void close() {
        identifying.present().close();
        authorizing.present().close();
        configured.close();
    }

    /** Those of a kind that are there, which have a name or come from a configuration. */
    private static final class Present extends ServiceTracker<Object, Present.Identity> {
        private final Map<ServiceReference<Object>, Identity> there = new ConcurrentHashMap<>();
        private Runnable changed;

        record Identity(Object name, Object pid) {
            static Identity of(ServiceReference<?> reference) {
                return new Identity(
                        reference.getProperty(SecurityProvider.NAME), reference.getProperty(Constants.SERVICE_PID));
            }
        }

        Present(BundleContext context, Class<?>... types) {
            super(context, filter(context, types), null);
        }

        void open(Runnable whenChanged) {
            changed = whenChanged;
            open();
        }

        private static Filter filter(BundleContext context, Class<?>... types) {
            try {
                return context.createFilter(Stream.of(types)
                        .map(type -> "(" + Constants.OBJECTCLASS + "=" + type.getName() + ")")
                        .collect(Collectors.joining("", "(|", ")")));
            } catch (InvalidSyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean hasName(String name) {
            return there.values().stream().anyMatch(each -> name.equals(each.name()));
        }

        boolean hasPid(String pid) {
            return there.values().stream().anyMatch(each -> pid.equals(each.pid()));
        }

        @Override
        public Identity addingService(ServiceReference<Object> reference) {
            Identity identity = Identity.of(reference);
            there.put(reference, identity);
            changed.run();
            return identity;
        }

        @Override
        public void removedService(ServiceReference<Object> reference, Identity identity) {
            there.remove(reference);
            changed.run();
        }
    }
}
