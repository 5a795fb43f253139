/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.broker.extension.Ranked.Present;
import io.bascule.config.ConfiguredProviders;
import io.bascule.config.ConfiguredProviders.Kind;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Authorizer.Decision;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.MessageInterceptor;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The services of other bundles that have a say, as they are at this moment: they come and go while the broker runs. Where there is none a
 * question costs one read of an empty list. One that fails, or lacks a class because its bundle is half gone, fails closed. Safe for use by
 * several threads.
 */
@Component(service = Extensions.class)
public final class Extensions {
    private static final String NO_ANSWER = "it has answered with null";

    private final Ranked<Authenticator> authenticators = new Ranked<>("authenticator");
    private final Ranked<EnhancedAuthenticator> enhanced = new Ranked<>("enhanced authenticator");
    private final Ranked<Authorizer> authorizers = new Ranked<>("authorizer");
    private final Ranked<MessageInterceptor> interceptors = new Ranked<>("interceptor");
    private final ConfiguredProviders providers;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Set<String> configuredAuthenticators = Set.of();

    /** Those of no framework. */
    public Extensions() {
        providers = null;
    }

    /** Those of a framework, where one may be configured and not be there. */
    @Activate
    public Extensions(BundleContext context) {
        providers = new ConfiguredProviders(context, this::configurationsChanged);
        providers.open();
    }

    @Deactivate
    void close() {
        providers.close();
    }

    private synchronized void configurationsChanged() { // one after the other, so that the last has the last word
        configured(providers.pids(Kind.AUTHENTICATOR), providers.pids(Kind.AUTHORIZER));
    }

    /** There are configurations of these PIDs: of each that nobody has who is there somebody is missing. */
    public void configured(Set<String> authenticatorPids, Set<String> authorizerPids) {
        configuredAuthenticators = authenticatorPids;
        authorizers.configured(authorizerPids);
        authorizersChanged();
    }

    /** Is called, on any thread, each time that an authorizer has come or gone, or is not missing any more. */
    void addListener(Runnable listener) {
        listeners.add(listener);
    }

    void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    private void authorizersChanged() {
        listeners.forEach(Runnable::run);
    }

    // ---------------------------------------------------------------- questions

    /** Those who say who a client is, the first to ask first: those of these names, or all. */
    public List<Authenticator> authenticators(Optional<List<String>> names) {
        return chosen(authenticators, names).map(Ranked.Entry::service).toList();
    }

    /** Whether there is nobody who could say who a client is, by whatever it shows, and nobody is configured who could. */
    public boolean identifiesNobody() {
        return configuredAuthenticators.isEmpty() && authenticators.isEmpty() && enhanced.isEmpty();
    }

    /** Who serves this Authentication Method, among those of these names, or all. */
    public Optional<EnhancedAuthenticator> enhancedAuthenticator(String method, Optional<List<String>> names) {
        return chosen(enhanced, names)
                .filter(each -> serves(each, method))
                .map(Ranked.Entry::service)
                .findFirst();
    }

    private static <S> Stream<Ranked.Entry<S>> chosen(Ranked<S> all, Optional<List<String>> names) {
        return names.map(some -> some.stream().flatMap(name -> all.named(name).stream()))
                .orElseGet(() -> all.entries().stream());
    }

    /** Whether one of these who say who a client is is not there; of all, one that is configured. */
    public boolean lacksAuthenticator(Optional<List<String>> names) {
        Present<Authenticator> simple = authenticators.present();
        Present<EnhancedAuthenticator> others = enhanced.present();
        if (names.isEmpty()) {
            return !isEach(configuredAuthenticators, simple.pids(), others.pids());
        }
        List<String> configured = configuredAuthenticators.stream()
                .filter(pid -> names.get().contains(ConfiguredProviders.name(pid)))
                .toList();
        return !isEach(names.get(), simple.named().keySet(), others.named().keySet())
                || !isEach(configured, simple.pids(), others.pids());
    }

    private static boolean isEach(Collection<String> wanted, Set<String> these, Set<String> orThese) {
        return wanted.stream().allMatch(each -> these.contains(each) || orThese.contains(each));
    }

    private boolean serves(Ranked.Entry<EnhancedAuthenticator> authenticator, String method) {
        try {
            return method.equals(authenticator.service().authenticationMethod());
        } catch (RuntimeException | LinkageError e) {
            enhanced.failed(authenticator, e);
            return false;
        }
    }

    /** Whether nobody looks at what is published. */
    public boolean admitsEverything(Principal publisher) {
        return interceptors.isEmpty() && isUnrestricted(publisher);
    }

    /** What becomes of a message. */
    public Admission admit(Principal publisher, Message message) {
        Verdict verdict = mayPublish(publisher, message.topic(), message.qos(), message.retain());
        if (verdict != Verdict.ALLOWED) {
            return verdict == Verdict.DENIED ? Admission.NOT_AUTHORIZED : Admission.UNDECIDED;
        }
        Message changed = message;
        for (Ranked.Entry<MessageInterceptor> each : interceptors.entries()) {
            Optional<Message> next = intercept(each, publisher, changed);
            if (next.isEmpty()) {
                return Admission.INTERCEPTED;
            }
            changed = next.get();
        }
        return Admission.of(changed);
    }

    private Optional<Message> intercept(
            Ranked.Entry<MessageInterceptor> interceptor, Principal publisher, Message message) {
        try {
            return Objects.requireNonNull(interceptor.service().publish(publisher.client(), message), NO_ANSWER);
        } catch (RuntimeException | LinkageError e) {
            interceptors.failed(interceptor, e);
            return Optional.empty();
        }
    }

    /** Whether somebody may publish there. */
    public Verdict mayPublish(Principal principal, Topic topic, QoS qos, boolean retain) {
        return mayPublish(AuditEvent.DENIED_PUBLISH, principal, topic, qos, retain);
    }

    /** The same of a will that is to be published later. */
    public Verdict mayHaveWill(Principal principal, Message will) {
        return mayPublish(AuditEvent.DENIED_WILL, principal, will.topic(), will.qos(), will.retain());
    }

    private Verdict mayPublish(AuditEvent denial, Principal principal, Topic topic, QoS qos, boolean retain) {
        return told(
                judge(principal, authorizer -> authorizer.mayPublish(principal.client(), topic, qos, retain)),
                denial,
                principal,
                topic);
    }

    /** Whether somebody may subscribe. */
    public Verdict maySubscribe(Principal principal, TopicFilter filter, QoS maximumQos) {
        return told(
                judge(principal, authorizer -> authorizer.maySubscribe(principal.client(), filter, maximumQos)),
                AuditEvent.DENIED_SUBSCRIBE,
                principal,
                filter);
    }

    /** Whether somebody may be sent what was published there. */
    public Verdict mayReceive(Principal principal, Topic topic) {
        return isUnrestricted(principal)
                ? Verdict.ALLOWED
                : told(
                        judge(principal, authorizer -> authorizer.mayReceive(principal.client(), topic)),
                        AuditEvent.DENIED_RECEIVE,
                        principal,
                        topic);
    }

    /** A denial is for the audit log. */
    private static Verdict told(Verdict verdict, AuditEvent denial, Principal principal, Object topic) {
        if (verdict == Verdict.DENIED) {
            String text = topic.toString();
            Audit.recordOnce(
                    denial,
                    principal.client().clientId(),
                    text,
                    entry -> entry.who(principal.client()).topic(text));
        }
        return verdict;
    }

    /** Whether there is nobody to ask. */
    private boolean isUnrestricted(Principal principal) {
        if (principal.trusted()) {
            return true;
        }
        Optional<List<String>> own = principal.authorizers(); // asked for each message: no functions, which are objects
        return own.isPresent() ? own.get().isEmpty() : authorizers.present().isNobody();
    }

    /** Those who say what somebody may do and are not there, by their names; of all, those that are configured. */
    public List<String> missingAuthorizers(Principal principal) {
        Present<Authorizer> present = authorizers.present();
        if (principal.trusted()) {
            return List.of();
        }
        return principal
                .authorizers()
                .map(names -> names.stream().filter(present::lacks).toList())
                .orElseGet(() -> present.missing().stream().sorted().toList());
    }

    private Verdict judge(Principal principal, Function<Authorizer, Decision> question) {
        if (principal.trusted()) {
            return Verdict.ALLOWED;
        }
        Present<Authorizer> present = authorizers.present();
        return principal.authorizers().isPresent()
                ? askNamed(present, principal.authorizers().get(), question)
                : askAll(present, question);
    }

    /** One that is missing could be the first to be asked. */
    private Verdict askAll(Present<Authorizer> present, Function<Authorizer, Decision> question) {
        if (present.isNobody()) {
            return Verdict.ALLOWED;
        }
        if (present.lacking()) {
            return Verdict.UNDECIDED;
        }
        for (Ranked.Entry<Authorizer> each : present.entries()) {
            Decision decision = ask(each, question);
            if (decision != Decision.ABSTAIN) {
                return verdict(decision);
            }
        }
        return Verdict.DENIED;
    }

    private Verdict askNamed(Present<Authorizer> present, List<String> names, Function<Authorizer, Decision> question) {
        if (names.isEmpty()) {
            return Verdict.ALLOWED;
        }
        for (String name : names) {
            if (present.lacks(name)) {
                return Verdict.UNDECIDED;
            }
            for (Ranked.Entry<Authorizer> each : present.named().get(name)) {
                Decision decision = ask(each, question);
                if (decision != Decision.ABSTAIN) {
                    return verdict(decision);
                }
            }
        }
        return Verdict.DENIED;
    }

    private static Verdict verdict(Decision decision) {
        return decision == Decision.ALLOW ? Verdict.ALLOWED : Verdict.DENIED;
    }

    private Decision ask(Ranked.Entry<Authorizer> authorizer, Function<Authorizer, Decision> question) {
        try {
            return Objects.requireNonNull(question.apply(authorizer.service()), NO_ANSWER);
        } catch (RuntimeException | LinkageError e) {
            authorizers.failed(authorizer, e);
            return Decision.DENY;
        }
    }

    // ---------------------------------------------------------------- come and go

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addAuthenticator(ServiceReference<Authenticator> reference, Authenticator service) {
        authenticators.add(reference, service);
    }

    public void removeAuthenticator(ServiceReference<Authenticator> reference) {
        authenticators.remove(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addEnhancedAuthenticator(
            ServiceReference<EnhancedAuthenticator> reference, EnhancedAuthenticator service) {
        enhanced.add(reference, service);
    }

    public void removeEnhancedAuthenticator(ServiceReference<EnhancedAuthenticator> reference) {
        enhanced.remove(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addAuthorizer(ServiceReference<Authorizer> reference, Authorizer service) {
        authorizers.add(reference, service);
        authorizersChanged();
    }

    public void removeAuthorizer(ServiceReference<Authorizer> reference) {
        authorizers.remove(reference);
        authorizersChanged();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addInterceptor(ServiceReference<MessageInterceptor> reference, MessageInterceptor service) {
        interceptors.add(reference, service);
    }

    public void removeInterceptor(ServiceReference<MessageInterceptor> reference) {
        interceptors.remove(reference);
    }
}
