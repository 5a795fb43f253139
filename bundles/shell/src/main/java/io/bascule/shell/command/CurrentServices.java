/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.AccessTest;
import io.bascule.api.Bans;
import io.bascule.api.Bridge;
import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeHistory;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridges;
import io.bascule.api.Listener;
import io.bascule.api.SecurityProvider;
import io.bascule.api.Store;
import io.bascule.api.Users;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What is there now. It is a service itself, and always there: Karaf takes all commands of a bundle away and registers
 * them anew whenever a service comes or goes that one of them refers to, so that a script which adds a bridge might not
 * find the command in its next line.
 */
@Component(immediate = true, service = CurrentServices.class)
public final class CurrentServices implements Supplier<Services> {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Broker broker;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Listener> listeners;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Bridge> bridges;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile BridgeHistory history;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile DeletedBridges deletedBridges;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile BridgeConfigurations configurations;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Store store;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<SecurityProvider> securityProviders;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Users> passwordFiles;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<AccessTest> aclFiles;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Bans bans;

    @Override
    public Services get() {
        return new Services(
                Optional.ofNullable(broker),
                listeners,
                bridges,
                Optional.ofNullable(history),
                Optional.ofNullable(deletedBridges),
                Optional.ofNullable(configurations),
                Optional.ofNullable(store),
                new SecurityServices(securityProviders, passwordFiles, aclFiles, Optional.ofNullable(bans)));
    }
}
