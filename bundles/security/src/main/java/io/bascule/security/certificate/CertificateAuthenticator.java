/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import io.bascule.api.Identity;
import io.bascule.log.SparingLog;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.provider.Decisions;
import io.bascule.security.provider.Names;
import io.bascule.security.provider.Subject;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.LoggerFactory;

/**
 * Accepts whoever has shown a certificate, which the listener has checked, by the name that is in it: whatever CONNECT says is not looked at.
 * Who has shown none is left to the next one; whose certificate does not tell one name is rejected.
 */
final class CertificateAuthenticator implements Authenticator {
    private final SparingLog log;
    private final UserField user;
    private final boolean unitsAreGroups;
    private final Decisions decisions = new Decisions();

    /** @param unitsAreGroups whether the organizational units (OU) of the subject are groups */
    CertificateAuthenticator(String name, UserField user, boolean unitsAreGroups) {
        this.log = new SparingLog(LoggerFactory.getLogger(CertificateAuthenticator.class), "certificates " + name);
        this.user = user;
        this.unitsAreGroups = unitsAreGroups;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        return CompletableFuture.completedFuture(decisions.count(judge(client)));
    }

    private AuthenticationResult judge(ConnectingClient client) {
        if (client.certificates().isEmpty()) {
            return new Abstained();
        }
        X509Certificate certificate = client.certificates().get(0);
        try {
            String userName = one(user.of(certificate));
            Set<String> groups = unitsAreGroups ? groups(certificate) : Set.of();
            return new Accepted(new Identity(Optional.of(userName), groups));
        } catch (CertificateParsingException e) {
            log.refused(client, "of its certificate " + printable(certificate) + " " + e.getMessage());
            return Rejected.with(ReasonCode.NOT_AUTHORIZED);
        }
    }

    private String one(List<String> values) throws CertificateParsingException {
        if (values.size() != 1) {
            String count = values.isEmpty() ? "there is no " : "there is more than one ";
            throw new CertificateParsingException(count + user.label());
        }
        check(user.label(), values.get(0));
        return values.get(0);
    }

    private static Set<String> groups(X509Certificate certificate) throws CertificateParsingException {
        List<String> units = Subject.values(certificate, Subject.Field.OU);
        for (String unit : units) {
            check("organizational unit (OU)", unit);
        }
        return new HashSet<>(units);
    }

    private static void check(String label, String name) throws CertificateParsingException {
        Optional<String> against = Names.against(name);
        if (against.isPresent()) {
            throw new CertificateParsingException("the " + label + " " + against.get());
        }
    }

    /** A subject is whatever its issuer let through: no line of the log is made of it. */
    private static String printable(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        String some = subject.length() <= 200 ? subject : subject.substring(0, 200) + "…";
        return "\"" + some.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    Map<String, Long> figures() {
        return decisions.figures();
    }
}
