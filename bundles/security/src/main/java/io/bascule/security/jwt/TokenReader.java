/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Reads tokens, and believes those that are signed, meant for us, and of this time. Safe for use by several threads. */
final class TokenReader {
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** A token that is not believed; the message is half a sentence for the log. */
    static final class BadTokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BadTokenException(String message) {
            super(message);
        }
    }

    /** @param keys that are in force */
    TokenReader(JwtConfig config, Supplier<TokenKeys> keys, Clock clock) {
        // RFC 9068 has a type of its own for access tokens.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector((header, context) -> keys.get().mayHaveSigned(header));
        Set<String> required = new HashSet<>(Set.of(JWTClaimNames.EXPIRATION_TIME, config.userClaim()));
        config.clientClaim().ifPresent(required::add);
        JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
        config.issuer().ifPresent(exact::issuer);
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(
                        config.audience().map(Set::of).orElse(null), exact.build(), required, null) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) config.leeway().toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** What a token says that is to be believed. */
    JWTClaimsSet read(String token) throws BadTokenException {
        try {
            return processor.process(token, null);
        } catch (ExpiredJWTException e) {
            throw new BadTokenException("has expired");
        } catch (BadJWTException e) {
            throw new BadTokenException("is not for here and now: " + printable(e)); // it is signed
        } catch (BadJOSEException | JOSEException e) {
            throw new BadTokenException("is signed by no key that counts");
        } catch (ParseException e) {
            throw new BadTokenException("cannot be read");
        }
    }

    private static String printable(Exception e) {
        String message = String.valueOf(e.getMessage());
        String some = message.length() <= 200 ? message : message.substring(0, 200) + "…";
        return some.replaceAll("\\p{Cntrl}", "?");
    }
}
