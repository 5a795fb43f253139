/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static io.bascule.security.scram.ScramSecretTest.PENCIL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.Login;
import io.bascule.security.file.BadFileException;
import io.bascule.spi.EnhancedAuthenticator.Exchange;
import io.bascule.spi.EnhancedAuthenticator.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's side, with the client of another library on the other. */
class ScramAuthenticatorTest {
    private static final Step WRONG = new Step.Rejected(ReasonCode.BAD_USER_NAME_OR_PASSWORD, Optional.empty());
    private static final Step MALFORMED = new Step.Rejected(ReasonCode.NOT_AUTHORIZED, Optional.empty());
    private static final Login NOBODY = new Login(Optional.empty(), Optional.empty());

    /** The example of RFC 7677, section 3. */
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";

    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String CLIENT_FIRST = "n,,n=user,r=" + CLIENT_NONCE;
    private static final String SERVER_FIRST =
            "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String CLIENT_FINAL =
            "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private final AtomicReference<ScramFile> file = new AtomicReference<>(users("user:" + PENCIL));
    private final ScramAuthenticator authenticator =
            new ScramAuthenticator(() -> Optional.of(file.get()), () -> SERVER_NONCE);

    private static ScramFile users(String text) {
        try {
            return ScramFile.FORMAT.parse(text);
        } catch (BadFileException e) {
            throw new AssertionError(e);
        }
    }

    private static Step step(Exchange exchange, byte[] message) {
        return exchange.step(Optional.of(message)).toCompletableFuture().join();
    }

    private static Step step(Exchange exchange, String message) {
        return step(exchange, message.getBytes(UTF_8));
    }

    private static String text(Optional<byte[]> data) {
        return new String(data.orElseThrow(), UTF_8);
    }

    private static String challenge(Step step) {
        assertThat(step).isInstanceOf(Step.Continue.class);
        return text(((Step.Continue) step).authenticationData());
    }

    private static ScramClient peer(String user, String password) {
        return ScramClient.builder()
                .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                .username(user)
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.SASL_PREPARATION)
                .build();
    }

    /** What comes of a whole exchange; where it is accepted the peer has verified the server. */
    private Step exchange(Login login, String user, String password) throws Exception {
        Exchange exchange = authenticator.begin(login);
        ScramClient peer = peer(user, password);
        peer.serverFirstMessage(
                challenge(step(exchange, peer.clientFirstMessage().toString())));
        Step last = step(exchange, peer.clientFinalMessage().toString());
        if (last instanceof Step.Accepted accepted) {
            peer.serverFinalMessage(text(accepted.authenticationData()));
        }
        exchange.end();
        return last;
    }

    private static Identity accepted(Step step) {
        assertThat(step).isInstanceOf(Step.Accepted.class);
        return ((Step.Accepted) step).identity();
    }

    @Test
    void goesThroughTheExampleOfTheRfc() {
        Exchange exchange = authenticator.begin(NOBODY);
        assertThat(challenge(step(exchange, CLIENT_FIRST))).isEqualTo(SERVER_FIRST);
        Step last = step(exchange, CLIENT_FINAL);
        assertThat(accepted(last)).isEqualTo(Identity.of("user"));
        assertThat(text(((Step.Accepted) last).authenticationData()))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void acceptsTheRightPasswordAlone() throws Exception {
        assertThat(accepted(exchange(NOBODY, "user", "pencil"))).isEqualTo(Identity.of("user"));
        assertThat(exchange(NOBODY, "user", "pencils")).isEqualTo(WRONG);
        assertThat(exchange(NOBODY, "eve", "pencil")).isEqualTo(WRONG);
        assertThat(authenticator.figures())
                .containsEntry("users", 1L)
                .containsEntry("accepted", 1L)
                .containsEntry("rejected", 1L)
                .containsEntry("unknown", 1L)
                .containsEntry("malformed", 0L);
    }

    @Test
    void preparesNamesAndPasswords() throws Exception {
        String hash = new ScramHashing(4096).hash("I\u00adX \u00aa".getBytes(UTF_8));
        file.set(users("a,b=c:" + hash + "\n\u2168:" + hash));

        assertThat(accepted(exchange(NOBODY, "a,b=c", "\u2168\u00a0a"))).isEqualTo(Identity.of("a,b=c"));
        assertThat(accepted(exchange(NOBODY, "I\u00adX", "IX a"))).isEqualTo(Identity.of("IX"));
    }

    @Test
    void tellsNobodyWhoIsThere() {
        Set<String> salts = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            salts.add(challenge(step(authenticator.begin(NOBODY), CLIENT_FIRST.replace("n=user", "n=eve"))));
        }
        assertThat(salts).singleElement().asString().matches("r=\\S+,s=[A-Za-z0-9+/]{22}==,i=4096");
    }

    @Test
    void forgetsWhoIsTakenOutInBetween() {
        Exchange exchange = authenticator.begin(NOBODY);
        step(exchange, CLIENT_FIRST);
        file.set(users("other:" + PENCIL));
        assertThat(step(exchange, CLIENT_FINAL)).isEqualTo(WRONG);

        file.set(users("user:" + PENCIL));
        Exchange another = authenticator.begin(NOBODY);
        step(another, CLIENT_FIRST);
        file.set(users("user:" + new ScramHashing(4096).hash("pen".getBytes(UTF_8))));
        assertThat(step(another, CLIENT_FINAL)).isEqualTo(WRONG);
    }

    @Test
    void acceptsNoOtherUserThanThatOfTheConnect() throws Exception {
        assertThat(accepted(exchange(Login.of("us\u00ader", "x"), "user", "pencil")))
                .isEqualTo(Identity.of("user"));
        assertThat(step(authenticator.begin(Login.of("other", "x")), CLIENT_FIRST))
                .isEqualTo(MALFORMED);
        assertThat(step(authenticator.begin(Login.of("\u0007", "x")), CLIENT_FIRST))
                .isEqualTo(MALFORMED);
    }

    @Test
    void acceptsNothingAfterTheEnd() {
        Exchange exchange = authenticator.begin(NOBODY);
        step(exchange, CLIENT_FIRST);
        assertThat(step(exchange, CLIENT_FINAL.replace("dHzb", "AAAA"))).isEqualTo(WRONG);
        assertThat(step(exchange, CLIENT_FIRST)).isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"y,,n=user,r=1|c=eSws", "n,a=user,n=user,r=1|c=bixhPXVzZXIs", "n,,n=user,r=1,x=y,z=0|c=biws"})
    void takesWhatItNeedNotKnow(String first, String binding) {
        Exchange exchange = authenticator.begin(NOBODY);
        String nonce = challenge(step(exchange, first)).split(",")[0];
        assertThat(step(exchange, binding + "," + nonce + ",k=v,p=" + "A".repeat(43) + "="))
                .isEqualTo(WRONG); // and not malformed
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,,",
                ",,n=user,r=1",
                "N,,n=user,r=1",
                "p=tls-unique,,n=user,r=1",
                "p=,,n=user,r=1",
                "n,a=eve,n=user,r=1",
                "n,a=,n=user,r=1",
                "n,user,n=user,r=1",
                "n,,m=x,n=user,r=1",
                "n,,n=user,r=1,m=x",
                "n,,n=user,r=1,x=y,m=x",
                "n,,n=,r=1",
                "n,,n=us=er,r=1",
                "n,,n=us=2cer,r=1",
                "n,,n=us=,r=1",
                "n,,r=1,n=user",
                "n,,n=user",
                "n,,n=user,r=",
                "n,,n=user,r=a b",
                "n,,n=user,r=\u00e9",
                "n,,n=user,r=1,",
                "n,,n=user,r=1,x",
                "n,,n=user,r=1,x=",
                "n,,n=user,r=1,1=x",
                "n,,n=us\u0000er,r=1",
                "n,,n=us\u0007er,r=1",
                "n,,n=\u00ad,r=1",
                "n,,n=\u06271,r=1",
            })
    void rejectsAFirstMessageThatWillNotDo(String message) {
        assertThat(step(authenticator.begin(NOBODY), message)).isEqualTo(MALFORMED);
        assertThat(authenticator.figures()).containsEntry("malformed", 1L);
    }

    @Test
    void rejectsWhatIsTooLongOrNoText() {
        assertThat(step(authenticator.begin(NOBODY), CLIENT_FIRST + "1".repeat(256)))
                .isEqualTo(MALFORMED);
        assertThat(step(authenticator.begin(NOBODY), CLIENT_FIRST + ",x=" + "1".repeat(4096)))
                .isEqualTo(MALFORMED);
        assertThat(step(authenticator.begin(NOBODY), new byte[] {'n', ',', ',', (byte) 0xc0}))
                .isEqualTo(MALFORMED);
        assertThat(authenticator
                        .begin(NOBODY)
                        .step(Optional.empty())
                        .toCompletableFuture()
                        .join())
                .isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c=biws|",
                "c=biws|c=eSws",
                "c=biws,|",
                "r=rOpr|r=rOps",
                ",r=|,s=",
                ",p=|,q=",
                ",p=|,m=",
                ",p=|,x,p=",
                "dHzb|dHz",
                "VQ=|VQ",
                "VQ=|VR=", // the same bytes in another way
                "VQ=|VQ==",
                "VQ=|VQ=,x=y",
            })
    void rejectsALastMessageThatWillNotDo(String part, String instead) {
        Exchange exchange = authenticator.begin(NOBODY);
        step(exchange, CLIENT_FIRST);
        String changed = CLIENT_FINAL.replace(part, instead == null ? "" : instead);
        assertThat(changed).isNotEqualTo(CLIENT_FINAL);
        assertThat(step(exchange, changed)).isInstanceOf(Step.Rejected.class);
    }

    /** Whatever its proof. */
    @Test
    void rejectsAMandatoryExtensionOfTheLastMessage() {
        assertThatThrownBy(() -> ClientFinal.parse("c=biws,r=1,x=y,m=x,p=AA==".getBytes(UTF_8), "n,,", "1"))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("it has an extension that is mandatory");
    }

    @Test
    void rejectsEveryChangeOfAByte() {
        byte[] first = CLIENT_FIRST.getBytes(UTF_8);
        byte[] last = CLIENT_FINAL.getBytes(UTF_8);
        AtomicInteger tried = new AtomicInteger();
        for (int i = 0; i < first.length + last.length; i++) {
            for (int value = 1; value < 256; value++) {
                byte[] one = first.clone();
                byte[] two = last.clone();
                if (i < first.length) {
                    one[i] ^= (byte) value;
                } else {
                    two[i - first.length] ^= (byte) value;
                }
                Exchange exchange = authenticator.begin(NOBODY);
                Step step = step(exchange, one);
                if (step instanceof Step.Continue) {
                    step = step(exchange, two);
                }
                assertThat(step).as("byte %d, change %d", i, value).isInstanceOf(Step.Rejected.class);
                tried.incrementAndGet();
            }
        }
        assertThat(tried).hasValue(255 * (first.length + last.length));
    }

    @Test
    void rejectsWhateverElseComes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "ncrpam=,yv\u0000\u00ad\u00e9\u0627\u2168\ud83d\ude00 1AZ+/";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder message = new StringBuilder(random.nextBoolean() ? "n,,n=" : "");
            for (int length = random.nextInt(60); length > 0; length--) {
                message.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Exchange exchange = authenticator.begin(NOBODY);
            Step step = step(exchange, message.toString());
            if (step instanceof Step.Continue) {
                step = step(exchange, message.toString());
            }
            assertThat(step).as("seed %d: %s", seed, message).isInstanceOf(Step.Rejected.class);
        }
    }

    @Test
    void tellsNobodyTheKeys() {
        Exchange exchange = authenticator.begin(NOBODY);
        step(exchange, CLIENT_FIRST);
        assertThat(List.of(authenticator, exchange, file.get(), file.get().secretOf("user"))
                        .toString())
                .doesNotContain("WG5d8o")
                .doesNotContain("wfPLwc");
    }
}
