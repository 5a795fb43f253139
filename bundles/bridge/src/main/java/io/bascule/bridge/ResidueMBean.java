/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.BridgeHistory;
import io.bascule.api.BridgeResidue;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceLedger;
import io.bascule.resource.ResourceScope;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The history for JMX. Nothing else names a class of {@code javax.management}, which may be missing. */
final class ResidueMBean implements BridgeResidueMXBean {
    private static final Logger LOG = LoggerFactory.getLogger(ResidueMBean.class);
    private static final String NAME = "io.bascule:type=BridgeResidue";

    private final BridgeHistory history;

    private ResidueMBean(BridgeHistory history) {
        this.history = history;
    }

    /** Registers it until the scope closes. The first of several frameworks in one JVM has the name. */
    static void register(BridgeHistory history, ResourceScope scope) {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(NAME);
            server.registerMBean(new ResidueMBean(history), name);
            scope.hold(ResourceKind.MBEAN, () -> server.unregisterMBean(name));
        } catch (InstanceAlreadyExistsException e) {
            LOG.info("{} is another framework's in this JVM", NAME);
        } catch (JMException | SecurityException e) {
            LOG.warn("{} cannot be registered", NAME, e);
        }
    }

    @Override
    public int getLive() {
        return history.residue().stream()
                .mapToInt(bridge -> bridge.closed().live())
                .sum();
    }

    @Override
    public List<Row> getResidue() {
        List<Row> rows = new ArrayList<>();
        for (BridgeResidue bridge : history.residue()) {
            bridge.open().ifPresent(ledger -> add(rows, bridge.name(), "open", ledger));
            add(rows, bridge.name(), "closed", bridge.closed());
            bridge.latest()
                    .forEach(closing -> add(rows, bridge.name(), closing.at().toString(), closing.ledger()));
        }
        return rows;
    }

    private static void add(List<Row> rows, String bridge, String instance, ResourceLedger ledger) {
        for (ResourceKind kind : ledger.kinds()) {
            int acquired = ledger.acquired().get(kind);
            rows.add(new Row(bridge, instance, kind.label(), acquired, acquired - ledger.live(kind)));
        }
    }
}
