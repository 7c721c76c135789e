package dev.portcullis.operator.identity.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.identity.rotation.Step.Waiting;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RotationReportTest {

  private final World world = new World();

  @Test
  void atRestThereIsNothingToSay() {
    var lines = new RotationReport(world.kept(), new Waiting.Nothing()).lines();

    assertThat(lines)
        .containsEntry("phase", "Steady")
        .containsEntry("next", "none")
        .containsEntry("replaced", "none")
        .containsEntry("stragglers", "none")
        .containsEntry("rollBack", "not possible");
    assertThat(lines.get("current")).startsWith("generation 1, issuing CA ends 2027-02-20T12:00");
  }

  @Test
  void stragglersAreNamedAndTheirListIsBounded() {
    world.wish(Wish.ROTATE_ROOT, "once").settle();
    var many =
        IntStream.range(0, 60).mapToObj(i -> new Straggler("shop/orders-" + i, "Late.")).toList();

    var lines = new RotationReport(world.kept(), new Waiting.Uptake(many)).lines();

    assertThat(lines)
        .containsEntry("phase", "Distributing")
        .containsEntry("rollBack", "2")
        .hasEntrySatisfying("message", text -> assertThat(text).startsWith("60 have not proved"))
        .hasEntrySatisfying(
            "stragglers",
            text ->
                assertThat(text).startsWith("shop/orders-0: Late.\n").endsWith("\nand 10 more"));
  }

  @Test
  void aCompromisedCaIsCalledThat() {
    world.holders = List.of(World.LATE);
    world.wish(Wish.DISTRUST, "stolen").settle();
    assertThat(new RotationReport(world.kept(), new Waiting.Nothing()).lines().get("current"))
        .endsWith(", compromised");

    world.later(World.SPREAD);
    var waiting = world.settle();
    var lines = new RotationReport(world.kept(), waiting).lines();

    assertThat(lines.get("phase")).isEqualTo("Retiring");
    assertThat(lines.get("replaced")).startsWith("generation 1, replaced ").endsWith("compromised");
    assertThat(lines.get("rollBack")).isEqualTo("not possible");
  }
}
