/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/** A realm of the JAAS configuration that this process has at the moment: in Karaf realms come and go with their bundles. */
final class Realm {
    private final String name;

    Realm(String name) {
        this.name = name;
    }

    /** Why nobody can log in by it, half a sentence; empty where somebody can. */
    Optional<String> problem() {
        try {
            return modules().length == 0 ? Optional.of("there is no JAAS realm " + name) : Optional.empty();
        } catch (SecurityException e) { // the JDK's way to say that there is no file
            return Optional.of("there is no JAAS configuration: " + e.getMessage());
        }
    }

    /** A login by the modules of this realm: never by those of {@code other}, which JAAS takes where there is no realm of a name. */
    LoginContext login(Subject subject, CallbackHandler handler) throws LoginException {
        AppConfigurationEntry[] modules = modules();
        if (modules.length == 0) {
            throw new IllegalStateException("the JAAS realm " + name + " has gone");
        }
        return new LoginContext(name, subject, handler, new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String asked) {
                return asked.equals(name) ? modules : null;
            }
        });
    }

    private AppConfigurationEntry[] modules() {
        AppConfigurationEntry[] modules = Configuration.getConfiguration().getAppConfigurationEntry(name);
        return modules == null ? new AppConfigurationEntry[0] : modules;
    }
}
