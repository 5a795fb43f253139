/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AccountException;
import javax.security.auth.login.CredentialException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts whom a realm lets log in, and rejects whom it does not; abstains where a client has no user name. Nobody stays logged in, and
 * nothing is remembered of an answer.
 */
final class JaasAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(JaasAuthenticator.class);

    private static final Set<String> CALLED_GROUPS = Set.of("RolePrincipal", "GroupPrincipal");
    /**
     * What means something in a filter of LDAP (RFC 4515, section 3). Karaf's LDAPLoginModule puts the name into its filter as it is, so that
     * {@code al*} would be let in by the password of alice, and by rights of a name that is not hers.
     */
    private static final String IN_FILTERS = "*()\\";

    private static final long COMPLAIN_NANOS = 60_000_000_000L;
    private static final int LONGEST_COMPLAINT = 300;
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final AuthenticationResult UNKNOWN = new Abstained();

    private final JaasConfig config;
    private final Realm realm;
    private final Logins logins;
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - COMPLAIN_NANOS);
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder withoutRole = new LongAdder();
    private final LongAdder unavailable = new LongAdder();

    JaasAuthenticator(JaasConfig config, Logins logins) {
        this.config = config;
        this.realm = new Realm(config.realm());
        this.logins = logins;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        if (client.userName().isEmpty()) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        String userName = client.userName().get();
        Optional<char[]> password = client.password().flatMap(JaasAuthenticator::characters);
        CompletionStage<AuthenticationResult> answer = password.isPresent() && maySeek(userName)
                ? logins.submit(() -> login(userName, password.get()))
                : CompletableFuture.completedFuture(WRONG);
        return answer.whenComplete((result, failure) -> count(result));
    }

    /** Empty where there is none: a directory takes a bind without a password for one of nobody, and succeeds (RFC 4513, section 5.1.2). */
    private static Optional<char[]> characters(byte[] password) {
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
            char[] characters = Arrays.copyOf(decoded.array(), decoded.limit());
            Arrays.fill(decoded.array(), '\0');
            return characters.length == 0 ? Optional.empty() : Optional.of(characters);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Whether a realm can find only the user of just this name. */
    private static boolean maySeek(String userName) {
        return !userName.isEmpty()
                && userName.equals(userName.strip())
                && userName.chars().noneMatch(c -> Character.isISOControl(c) || IN_FILTERS.indexOf(c) >= 0);
    }

    private AuthenticationResult login(String userName, char[] password) {
        Subject subject = new Subject();
        try {
            LoginContext login = realm.login(subject, callbacks -> answer(callbacks, userName, password));
            login.login();
            try {
                return judge(userName, subject);
            } finally {
                login.logout();
            }
        } catch (LoginException e) {
            complain(e);
            return WRONG;
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static void answer(Callback[] callbacks, String userName, char[] password)
            throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(userName);
            } else if (callback instanceof PasswordCallback asked) {
                asked.setPassword(password);
            } else {
                throw new UnsupportedCallbackException(callback, "a client shows a user name and a password alone");
            }
        }
    }

    private AuthenticationResult judge(String userName, Subject subject) {
        Set<String> groups = new TreeSet<>();
        for (Principal principal : subject.getPrincipals()) {
            if (isGroup(principal.getClass())) {
                groups.add(principal.getName());
            }
        }
        if (config.role().isPresent() && !groups.contains(config.role().get())) {
            withoutRole.increment();
            return WRONG; // as with a wrong password: nobody is to try here which password an administrator has
        }
        return new Accepted(new Identity(Optional.of(userName), groups));
    }

    private boolean isGroup(Class<?> type) {
        return config.groupPrincipals().isEmpty()
                ? CALLED_GROUPS.contains(type.getSimpleName())
                : config.groupPrincipals().contains(type.getName());
    }

    /**
     * Says now and then what may be more than a wrong password: modules throw a LoginException as such also when they cannot reach what
     * they ask, and JAAS where a module has failed.
     */
    private void complain(LoginException e) {
        if (e instanceof FailedLoginException || e instanceof AccountException || e instanceof CredentialException) {
            return;
        }
        long before = complained.get();
        long now = System.nanoTime();
        if (now - before >= COMPLAIN_NANOS && complained.compareAndSet(before, now)) {
            String message = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ");
            LOG.warn(
                    "JAAS realm {}: a login has failed, said once a minute: {}",
                    config.realm(),
                    message.substring(0, Math.min(message.length(), LONGEST_COMPLAINT)));
        }
    }

    private void count(AuthenticationResult result) {
        if (result instanceof Accepted) {
            accepted.increment();
        } else if (result == WRONG) {
            rejected.increment();
        } else if (result != null) { // else it has failed, which the broker logs
            unavailable.increment();
        }
    }

    /** How often it has decided how. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("accepted", accepted.sum());
        figures.put("rejected", rejected.sum());
        figures.put("withoutRole", withoutRole.sum());
        figures.put("unavailable", unavailable.sum());
        return figures;
    }
}
