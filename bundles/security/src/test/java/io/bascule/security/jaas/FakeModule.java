/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.TextInputCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

/** A realm in which alice has a password and groups, and other users go wrong in one way each. JAAS makes it by its class's name. */
public final class FakeModule implements LoginModule {
    static final String REALM = "fake";
    static final String PASSWORD = "pässword";
    /** The subject of the last login, and whether it was logged out. */
    static volatile Subject last;

    static volatile boolean loggedOut;
    static volatile CountDownLatch entered = new CountDownLatch(1);

    private Subject subject;
    private CallbackHandler handler;

    /** What stands in its configuration. */
    static AppConfigurationEntry[] entries() {
        return new AppConfigurationEntry[] {
            new AppConfigurationEntry(
                    FakeModule.class.getName(), AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, Map.of())
        };
    }

    private record Named(String name) {}

    private abstract static class Any implements Principal {
        private final Named named;

        Any(String name) {
            named = new Named(name);
        }

        @Override
        public String getName() {
            return named.name();
        }
    }

    static final class UserPrincipal extends Any {
        UserPrincipal(String name) {
            super(name);
        }
    }

    static final class RolePrincipal extends Any {
        RolePrincipal(String name) {
            super(name);
        }
    }

    static final class GroupPrincipal extends Any {
        GroupPrincipal(String name) {
            super(name);
        }
    }

    static final class ShiftPrincipal extends Any {
        ShiftPrincipal(String name) {
            super(name);
        }
    }

    @Override
    public void initialize(Subject of, CallbackHandler asks, Map<String, ?> shared, Map<String, ?> options) {
        subject = of;
        handler = asks;
        last = of;
        loggedOut = false;
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        try {
            handler.handle(new Callback[] {name, password});
            switch (name.getName()) {
                case "endless" -> {
                    entered.countDown();
                    new CountDownLatch(1).await();
                }
                case "broken" -> throw new IllegalStateException("it has fallen over");
                case "away" -> throw new LoginException("cannot reach\nthe directory");
                case "talkative" -> handler.handle(new Callback[] {new TextInputCallback("code")});
                default -> {}
            }
        } catch (IOException | UnsupportedCallbackException | InterruptedException e) {
            throw new LoginException(e.toString());
        }
        if (!name.getName().equals("alice") || !PASSWORD.equals(new String(password.getPassword()))) {
            throw new FailedLoginException("not so");
        }
        return true;
    }

    @Override
    public boolean commit() {
        subject.getPrincipals().add(new UserPrincipal("alice"));
        subject.getPrincipals().add(new RolePrincipal("mqtt"));
        subject.getPrincipals().add(new GroupPrincipal("staff"));
        subject.getPrincipals().add(new ShiftPrincipal("night"));
        return true;
    }

    @Override
    public boolean abort() {
        return true;
    }

    @Override
    public boolean logout() {
        subject.getPrincipals().clear();
        loggedOut = true;
        return true;
    }
}
