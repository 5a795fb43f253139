/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.Login;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthenticatorTest {
    private static final AuthenticationResult REFUSED = Rejected.with(ReasonCode.NOT_AUTHORIZED);

    private static AuthenticationResult ask(UserField user, boolean unitsAreGroups, Login login) {
        return new CertificateAuthenticator("test", user, unitsAreGroups)
                .authenticate(login)
                .toCompletableFuture()
                .join();
    }

    private static AuthenticationResult ask(UserField user, X509Certificate certificate) {
        return ask(user, false, new Login(Optional.empty(), Optional.empty()).showing(certificate));
    }

    private static AuthenticationResult accepted(String userName) {
        return new Accepted(Identity.of(userName));
    }

    @ParameterizedTest
    @EnumSource(UserField.class)
    void abstainsWithoutACertificate(UserField field) {
        assertThat(ask(field, false, Login.of("alice", "secret"))).isInstanceOf(Abstained.class);
    }

    @Test
    void takesTheFieldThatItIsTold() {
        Shown certificate = Shown.alternatives(
                List.of(2, "pump.example.org"),
                List.of(1, "pump@example.org"),
                List.of(6, "urn:device:7"),
                List.of(7, "127.0.0.1"));

        assertThat(ask(UserField.CN, certificate)).isEqualTo(accepted("common"));
        assertThat(ask(UserField.SAN_DNS, certificate)).isEqualTo(accepted("pump.example.org"));
        assertThat(ask(UserField.SAN_EMAIL, certificate)).isEqualTo(accepted("pump@example.org"));
        assertThat(ask(UserField.SAN_URI, certificate)).isEqualTo(accepted("urn:device:7"));
        assertThat(ask(UserField.SUBJECT, Shown.subject("CN=pump, OU=\"a,b\", O=Plant")))
                .isEqualTo(accepted("CN=pump,OU=a\\,b,O=Plant"));
    }

    /** As Mosquitto's use_identity_as_username does. */
    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void overrulesTheUserNameOfConnect(MqttVersion version) {
        Login login = Login.of("admin", "secret").in(version).showing(Shown.subject("CN=pump"));
        assertThat(ask(UserField.CN, false, login)).isEqualTo(accepted("pump"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "O=Plant", "CN=", "CN=\"a\u0000b\"", "CN=\"a\nb\"", "CN=a, CN=b", "CN=a+CN=b"})
    void refusesACertificateWithoutOneCommonName(String subject) {
        assertThat(ask(UserField.CN, Shown.subject(subject))).isEqualTo(REFUSED);
    }

    /** A BMPString with half a surrogate pair: others that cannot be read either would be the same user. */
    @Test
    void refusesACommonNameThatCannotBeRead() {
        byte[] der = HexFormat.of().parseHex("300f310d300b06035504031e04d8000061");
        assertThat(ask(UserField.CN, Shown.subject(der))).isEqualTo(REFUSED);
        assertThat(ask(UserField.CN, Shown.subject("CN=a\uFFFDb"))).isEqualTo(REFUSED);
    }

    /** On JDK 17 these would be read as UTF-8: the first two characters as "root". */
    @ParameterizedTest
    @ValueSource(strings = {"300f310d300b06035504031e04726f6f74", "300d310b300906035504031e020430"})
    void refusesASubjectOfABmpString(String der) {
        Shown certificate = Shown.subject(HexFormat.of().parseHex(der));
        assertThat(ask(UserField.CN, certificate)).isEqualTo(REFUSED);
        assertThat(ask(UserField.SUBJECT, certificate)).isEqualTo(REFUSED);
    }

    @Test
    void takesALongSubject() {
        String name = "a".repeat(40_000);
        assertThat(ask(UserField.CN, Shown.subject("CN=" + name + ",O=" + "b".repeat(200))))
                .isEqualTo(accepted(name));
    }

    /** CN=pump as a UTF8String, OU=admins as it would be read. */
    @Test
    void refusesGroupsOfABmpString() {
        byte[] der = HexFormat.of().parseHex("3020310d300b06035504030c0470756d70310f300d060355040b1e0661646d696e73");
        Login login = new Login(Optional.empty(), Optional.empty()).showing(Shown.subject(der));
        assertThat(ask(UserField.CN, true, login)).isEqualTo(REFUSED);
        assertThat(ask(UserField.CN, false, login)).isEqualTo(accepted("pump"));
    }

    /** It is for the ACL to have these fill no %u; see AclModelTest. */
    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/b", "a,b=c", "Zo\u00eb", "\ud83d\ude42"})
    void takesACommonNameAsItStands(String name) {
        assertThat(ask(UserField.CN, Shown.subject("CN=\"" + name + "\""))).isEqualTo(accepted(name));
    }

    @Test
    void findsACommonNameThatSharesItsPlace() {
        assertThat(ask(UserField.CN, Shown.subject("CN=a+OU=b,O=c"))).isEqualTo(accepted("a"));
    }

    @ParameterizedTest
    @EnumSource(
            value = UserField.class,
            names = {"SAN_DNS", "SAN_EMAIL", "SAN_URI"})
    void refusesACertificateWithoutThatAlternativeName(UserField field) {
        assertThat(ask(field, Shown.subject("CN=pump"))).isEqualTo(REFUSED);
        assertThat(ask(field, Shown.alternatives(List.of(7, "127.0.0.1")))).isEqualTo(REFUSED);
        assertThat(ask(field, Shown.unreadable())).isEqualTo(REFUSED);
    }

    @Test
    void refusesOneOfWhichItCannotBeSaidWhichNameItIs() {
        assertThat(ask(UserField.SAN_DNS, Shown.alternatives(List.of(2, "a"), List.of(2, "b"))))
                .isEqualTo(REFUSED);
    }

    @Test
    void takesOrganizationalUnitsAsGroupsWhereItIsTold() {
        Login login = new Login(Optional.empty(), Optional.empty())
                .showing(Shown.subject("CN=pump,OU=west+OU=pumps,OU=plant"));

        assertThat(ask(UserField.CN, true, login))
                .isEqualTo(new Accepted(new Identity(Optional.of("pump"), Set.of("west", "pumps", "plant"))));
        assertThat(ask(UserField.CN, false, login)).isEqualTo(accepted("pump"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OU=", "OU=\"a\u0000b\"", "OU=\"a\nb\"", "OU=a\uFFFDb", "OU=west, OU="})
    void refusesGroupsThatAreNoNames(String units) {
        Login login = new Login(Optional.empty(), Optional.empty()).showing(Shown.subject("CN=pump, " + units));

        assertThat(ask(UserField.CN, true, login)).isEqualTo(REFUSED);
        assertThat(ask(UserField.CN, false, login)).isEqualTo(accepted("pump"));
    }

    @Test
    void countsWhatItDecides() {
        CertificateAuthenticator authenticator = new CertificateAuthenticator("test", UserField.CN, false);
        authenticator.authenticate(Login.of("a", "b"));
        authenticator.authenticate(Login.of("a", "b").showing(Shown.subject("CN=a")));
        authenticator.authenticate(Login.of("a", "b").showing(Shown.subject("O=a")));

        assertThat(authenticator.figures())
                .containsEntry("accepted", 1L)
                .containsEntry("rejected", 1L)
                .containsEntry("unknown", 1L)
                .hasSize(3);
    }
}
