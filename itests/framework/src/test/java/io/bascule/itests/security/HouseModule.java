/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

/** Users of its own options, which are passwords; each is of the group staff. It is found on the class path, as a gateway's own would be. */
public final class HouseModule implements LoginModule {
    private Subject subject;
    private CallbackHandler handler;
    private Map<String, ?> passwords;

    /** A group. */
    public static final class GroupPrincipal implements Principal {
        @Override
        public String getName() {
            return "staff";
        }
    }

    @Override
    public void initialize(Subject of, CallbackHandler asks, Map<String, ?> shared, Map<String, ?> options) {
        subject = of;
        handler = asks;
        passwords = options;
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        try {
            handler.handle(new Callback[] {name, password});
        } catch (IOException | UnsupportedCallbackException e) {
            throw new LoginException(e.toString());
        }
        if (!new String(password.getPassword()).equals(passwords.get(name.getName()))) {
            throw new FailedLoginException("not so");
        }
        return true;
    }

    @Override
    public boolean commit() {
        return subject.getPrincipals().add(new GroupPrincipal());
    }

    @Override
    public boolean abort() {
        return true;
    }

    @Override
    public boolean logout() {
        subject.getPrincipals().clear();
        return true;
    }
}
