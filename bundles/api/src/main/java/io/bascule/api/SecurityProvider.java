/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What says who clients are or what they may do, for those who run a broker: an OSGi service while its configuration is there, whether it
 * works or not. Its {@code Authenticator} or {@code Authorizer} is a service of its own, which is there only while {@link #serving()}. Both
 * have the service property {@value #NAME}, and as {@code service.pid} the PID of the configuration: while there is one without its service
 * it is missing. Every method may be called from any thread, and waits for nothing.
 */
@ProviderType
public interface SecurityProvider {

    /** The service property with the provider's name. */
    String NAME = "io.bascule.name";

    /** From its configuration's file name; another kind of provider may have the same. */
    String name();

    /** What it is, such as {@code password-file}. */
    String kind();

    /** Whether it decides about clients now. */
    boolean serving();

    /**
     * What is wrong, one sentence; empty while all is well. While it is {@link #serving()} all the same, it serves on what it had before.
     */
    Optional<String> failure();

    /** What it has, and what it has decided since it was configured, by name, such as {@code users} and {@code accepted}. */
    Map<String, Long> figures();
}
