/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeResidue;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResiduesTest {
    private final Residues residues = new Residues();

    @AfterEach
    void closeHistory() {
        residues.deactivate();
    }

    @Test
    void keepsTheLastClosingsAndTheSumOfAll() {
        for (int i = 0; i < 20; i++) {
            openAndClose("a", i);
        }

        BridgeResidue residue = residues.residue().get(0);
        assertThat(residue.closings()).isEqualTo(20);
        assertThat(residue.closed()).hasToString("task 190/190; 0 live");
        assertThat(residue.latest()).hasSize(16);
        assertThat(residue.latest().get(0).ledger()).hasToString("task 19/19; 0 live");
    }

    @Test
    void forgetsTheBridgeThatClosedLongestAgo() {
        ResourceScope open = new ResourceScope("bridge 0");
        residues.opened("0", open);
        for (int i = 1; i <= 257; i++) {
            openAndClose(String.valueOf(i), 1);
        }
        openAndClose("2", 1);
        openAndClose("new", 1);

        assertThat(residues.residue())
                .extracting(BridgeResidue::name)
                .hasSize(257)
                .contains("0", "2", "257", "new")
                .doesNotContain("1", "3");
    }

    @Test
    void showsTheSameInJmxUntilItIsDeactivated() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("io.bascule:type=BridgeResidue");
        openAndClose("a", 3);
        residues.opened("a", scope(2));

        CompositeData[] rows = (CompositeData[]) server.getAttribute(name, "Residue");

        assertThat(server.getAttribute(name, "Live")).isEqualTo(0);
        assertThat(rows)
                .extracting(row -> row.get("instance"))
                .startsWith("open", "closed")
                .hasSize(3);
        assertThat(rows[0].getAll(new String[] {"bridge", "kind", "acquired", "released", "live"}))
                .containsExactly("a", "task", 2, 0, 2);
        assertThat(rows[2].getAll(new String[] {"bridge", "kind", "acquired", "released", "live"}))
                .containsExactly("a", "task", 3, 3, 0);
        residues.deactivate();
        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    void isNotInJmxBeforeTheFirstBridge() throws Exception {
        assertThat(ManagementFactory.getPlatformMBeanServer()
                        .isRegistered(new ObjectName("io.bascule:type=BridgeResidue")))
                .isFalse();
    }

    @Test
    void leavesTheNameInJmxToTheFirstOfTwo() throws Exception {
        openAndClose("a", 1);
        Residues second = new Residues();
        openAndClose(second, "b", 1);

        second.deactivate();

        assertThat(ManagementFactory.getPlatformMBeanServer()
                        .isRegistered(new ObjectName("io.bascule:type=BridgeResidue")))
                .isTrue();
    }

    private void openAndClose(String name, int tasks) {
        openAndClose(residues, name, tasks);
    }

    private static void openAndClose(Residues residues, String name, int tasks) {
        ResourceScope scope = scope(tasks);
        residues.opened(name, scope);
        scope.close();
        residues.closed(name, scope);
    }

    private static ResourceScope scope(int tasks) {
        ResourceScope scope = new ResourceScope("test");
        for (int i = 0; i < tasks; i++) {
            scope.hold(ResourceKind.TASK, () -> {});
        }
        return scope;
    }
}
