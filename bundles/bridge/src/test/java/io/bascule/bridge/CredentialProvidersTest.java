/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.spi.CredentialProvider;
import io.bascule.spi.Credentials;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Providers that do not behave. */
class CredentialProvidersTest {
    private final List<Object> answers = new ArrayList<>();
    private int inUse;

    private Runnable ask(Optional<CredentialProvider> provider) {
        BridgeDefinition definition = BridgeReader.read(
                        "cloud", Map.of("server", "mqtt://h", "credentials", "tokens", "forward.a", "a"))
                .definition()
                .orElseThrow();
        return new CredentialProviders(context(provider))
                .of(definition)
                .next(definition.servers().first(), answers::add, answers::add);
    }

    /** A framework with this provider, or none, that counts who uses it. */
    private BundleContext context(Optional<CredentialProvider> provider) {
        Object reference = stub(ServiceReference.class, method -> "tokens");
        return (BundleContext) stub(BundleContext.class, method -> switch (method) {
            case "getServiceReferences" ->
                provider.map(each -> List.of(reference)).orElse(List.of());
            case "getService" -> {
                inUse++;
                yield provider.orElseThrow();
            }
            case "ungetService" -> {
                inUse--;
                yield true;
            }
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private interface Answer {
        Object to(String method);
    }

    private static Object stub(Class<?> type, Answer answer) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName()));
    }

    private void expect(String sentence) {
        assertThat(answers).containsExactly("the credential provider tokens " + sentence);
        assertThat(inUse).isZero();
    }

    @Test
    void saysThatNobodyIsThere() {
        ask(Optional.empty());
        expect("is not there");
    }

    @Test
    void saysThatOneThrows() {
        ask(Optional.of(bridge -> {
            throw new IllegalStateException("no network");
        }));
        expect("gives nothing: no network");
    }

    @Test
    void saysThatOneFailsLater() {
        CompletableFuture<Credentials> later = new CompletableFuture<>();
        ask(Optional.of(bridge -> later));
        assertThat(answers).isEmpty();
        later.completeExceptionally(new IllegalStateException("no network"));
        expect("gives nothing: no network");
    }

    @Test
    void saysThatOneReturnsNothing() {
        ask(Optional.of(bridge -> null));
        expect("gives nothing: it returns null");
        answers.clear();
        ask(Optional.of(bridge -> CompletableFuture.completedFuture(null)));
        expect("gives nothing: it has none");
    }

    @Test
    void tellsNobodyWhoHasLetGo() {
        CompletableFuture<Credentials> late = new CompletableFuture<>();
        Runnable forget = ask(Optional.of(bridge -> late));
        assertThat(inUse).isZero();
        forget.run();
        late.complete(new Credentials(Optional.of("u"), Optional.empty(), Optional.empty()));
        assertThat(answers).isEmpty();
    }

    @Test
    void passesOnWhatIsGiven() {
        Credentials credentials = new Credentials(Optional.of("u"), Optional.empty(), Optional.empty());
        List<CredentialProvider.Bridge> asking = new ArrayList<>();
        ask(Optional.of(bridge -> {
            asking.add(bridge);
            return CompletableFuture.completedFuture(credentials);
        }));
        assertThat(answers).containsExactly(credentials);
        assertThat(asking).containsExactly(new CredentialProvider.Bridge("cloud", "bascule-cloud", "mqtt://h:1883"));
    }
}
