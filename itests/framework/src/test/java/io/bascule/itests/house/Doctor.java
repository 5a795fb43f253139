/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.house;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** A bundle that examines the framework it is in, and is asked from outside through types of the JDK. */
public final class Doctor implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Callable<List<String>> complaints = () -> complaints(context);
        context.registerService(Callable.class, complaints, null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }

    /** Every bundle that is not what it should be, and every component of ours that does not run. */
    private static List<String> complaints(BundleContext context) {
        List<String> complaints = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            if (bundle.getState() != (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)) {
                complaints.add(bundle + " is in state " + bundle.getState());
            }
        }
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        if (reference == null) {
            complaints.add("no component runtime");
            return complaints;
        }
        ServiceComponentRuntime components = context.getService(reference);
        int ours = 0;
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            if (component.bundle.symbolicName.startsWith("io.bascule.")) {
                ours++;
                examine(component, components.getComponentConfigurationDTOs(component), complaints);
            }
        }
        if (ours == 0) {
            complaints.add("no component of ours");
        }
        context.ungetService(reference);
        return complaints;
    }

    private static void examine(
            ComponentDescriptionDTO component,
            Collection<ComponentConfigurationDTO> instances,
            List<String> complaints) {
        if (instances.isEmpty()) {
            complaints.add(component.name + " has no instance");
        }
        for (ComponentConfigurationDTO instance : instances) {
            boolean delayed = !component.immediate && component.serviceInterfaces.length > 0;
            boolean runs = instance.state == ComponentConfigurationDTO.ACTIVE
                    || delayed && instance.state == ComponentConfigurationDTO.SATISFIED;
            if (!runs) {
                complaints.add(component.name + " is in state " + instance.state + ": " + instance.failure);
            }
        }
    }
}
