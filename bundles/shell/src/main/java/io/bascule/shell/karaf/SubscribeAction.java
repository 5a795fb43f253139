/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Services;
import io.bascule.shell.command.Subscribe;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** {@link Subscribe}. */
@Service
@Command(scope = "mqtt", name = "subscribe", description = Subscribe.SUMMARY)
public final class SubscribeAction extends MqttAction {
    @Reference
    private BundleContext context;

    @Argument(name = "filter", description = "Quoted where it has # or $.")
    @Completion(FilterCompleter.class)
    private String filter;

    @Option(name = "--qos", aliases = "-q", description = "Quality of service: 0, 1 or 2.")
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1", "2"})
    private String qos = "0";

    @Override
    void run(Services services, boolean json, PrintStream out) {
        // Kept from the context, which is of no use once the bundle has stopped.
        Bundle bundle = context.getBundle();
        Subscribe.of(filter, qos, json).run(services, out, () -> bundle.getState() == Bundle.ACTIVE);
    }
}
