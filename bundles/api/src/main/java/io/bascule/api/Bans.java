/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who may not connect for a while, after too many failed logins; an OSGi service. Bans end by themselves, and with the bundle of the broker. Every
 * method may be called from any thread, and returns at once.
 */
@ProviderType
public interface Bans {

    /** The bans in force: of addresses as a whole, and then of users and clients, the oldest first. At most 200,000. */
    List<Ban> list();

    /**
     * Lifts all bans at an address: that of the address as a whole, and those of users and clients there. Who is no longer banned begins anew, as
     * if he had not failed.
     *
     * @param address as in {@link Ban#address}
     * @return how many there were
     */
    int lift(String address);

    /**
     * Lifts the ban of one user or client at an address.
     *
     * @param address as in {@link Ban#address}
     * @param name as in {@link Ban#user} or {@link Ban#client}
     * @return how many there were: two where a user and a client without a user name have the same
     */
    int lift(String address, String name);

    /**
     * Lifts all bans.
     *
     * @return how many there were
     */
    int liftAll();
}
