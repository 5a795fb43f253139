/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.bascule.api.Identity;
import io.bascule.log.SparingLog;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.jwt.TokenReader.BadTokenException;
import io.bascule.security.provider.Decisions;
import io.bascule.security.provider.Names;
import io.bascule.security.provider.Verifiers;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Accepts whoever has a token as his Password that counts, by the user that it names, and rejects him with any other; where the Password is no
 * token at all it abstains. A signature takes up to some milliseconds (ES512), hence it is verified by the pool.
 */
final class JwtAuthenticator implements Authenticator {
    private static final int MOST_BYTES = 16 * 1024;
    private static final Pattern PARTS = Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]*+");
    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final AuthenticationResult NOT_THIS_CLIENT = Rejected.with(ReasonCode.NOT_AUTHORIZED);

    private final SparingLog log;
    private final JwtConfig config;
    private final TokenReader reader;
    private final Verifiers verifiers;
    private final Decisions decisions = new Decisions();

    /** @param keys that are in force */
    JwtAuthenticator(String name, JwtConfig config, Supplier<TokenKeys> keys, Verifiers verifiers, Clock clock) {
        this.log = new SparingLog(LoggerFactory.getLogger(JwtAuthenticator.class), "jwt " + name);
        this.config = config;
        this.reader = new TokenReader(config, keys, clock);
        this.verifiers = verifiers;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        Optional<String> token = client.password()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .filter(JwtAuthenticator::isToken);
        if (token.isEmpty()) {
            return CompletableFuture.completedFuture(decisions.count(new Abstained()));
        }
        if (token.get().length() > MOST_BYTES) {
            return CompletableFuture.completedFuture(
                    decisions.count(refused(client, "has more than " + MOST_BYTES + " bytes", WRONG)));
        }
        return verifiers.verify(() -> judge(token.get(), client)).thenApply(decisions::count);
    }

    /** Three parts of base64url, of which the first is an object of JSON (RFC 7515, section 3.1), signed or not. */
    private static boolean isToken(String password) {
        if (!PARTS.matcher(password).matches()) {
            return false;
        }
        byte[] header = new Base64URL(password.substring(0, Math.min(4, password.indexOf('.')))).decode();
        return header.length > 0 && header[0] == '{';
    }

    private AuthenticationResult judge(String token, ConnectingClient client) {
        try {
            JWTClaimsSet claims = reader.read(token);
            String userName = name(claims.getClaim(config.userClaim()), config.userClaim());
            Identity identity = new Identity(Optional.of(userName), groups(claims));
            if (config.userMatch() && !client.userName().equals(identity.userName())) {
                return refused(client, "is another user's than CONNECT says", WRONG);
            }
            if (config.clientClaim().isPresent()
                    && !client.clientId()
                            .equals(claims.getClaim(config.clientClaim().get()))) {
                return refused(client, "is for another client id", NOT_THIS_CLIENT);
            }
            Instant expires = claims.getExpirationTime().toInstant().plus(config.leeway());
            return new Accepted(identity, Optional.of(expires));
        } catch (BadTokenException e) {
            return refused(client, e.getMessage(), WRONG);
        }
    }

    private Set<String> groups(JWTClaimsSet claims) throws BadTokenException {
        Object groups = config.groupsClaim().map(claims::getClaim).orElse(null);
        if (groups == null) {
            return Set.of();
        }
        String claim = config.groupsClaim().get();
        List<?> list = groups instanceof List<?> several
                ? several
                : BLANKS.splitAsStream(name(groups, claim).strip()).toList(); // as scope has them (RFC 8693)
        Set<String> names = new HashSet<>();
        for (Object each : list) {
            names.add(name(each, claim));
        }
        return names;
    }

    private static String name(Object value, String claim) throws BadTokenException {
        if (!(value instanceof String text)) {
            throw new BadTokenException("has no text as its claim " + claim);
        }
        Optional<String> against = Names.against(text);
        if (against.isPresent()) {
            throw new BadTokenException("has a claim " + claim + " that " + against.get());
        }
        return text;
    }

    private AuthenticationResult refused(ConnectingClient client, String why, AuthenticationResult result) {
        log.refused(client, "its token " + why);
        return result;
    }

    Map<String, Long> figures() {
        return decisions.figures();
    }
}
