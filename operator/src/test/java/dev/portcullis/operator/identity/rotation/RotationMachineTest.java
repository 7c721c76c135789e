package dev.portcullis.operator.identity.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.identity.BroughtCa;
import dev.portcullis.operator.identity.Renewal;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.Step.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotationMachineTest {

  private final World world = new World();

  @Test
  void aRootIsRotatedStepByStep() {
    // Given
    var before = world.kept();
    world.holders = List.of(World.LATE);
    world.uptake = List.of(World.LATE);

    // When it is asked for, then it is made, published, and given time
    world.wish(Wish.ROTATE_ROOT, "once");
    assertThat(world.settle()).isInstanceOf(Waiting.Spread.class);
    assertThat(world.steps()).containsExactly("Prepare", "MarkDistributed");
    assertThat(world.published.roots()).hasSize(2);
    assertThat(world.kept().current()).isEqualTo(before.current());

    // then nothing is stepped over, however long it takes
    world.later(Duration.ofDays(3));
    assertThat(world.settle()).isEqualTo(new Waiting.Uptake(List.of(World.LATE)));

    // When everyone has proved it, then the new one signs, and both are trusted
    world.uptake = List.of();
    assertThat(world.settle()).isInstanceOf(Waiting.Release.class);
    assertThat(world.kept().current().number()).isEqualTo(2);
    assertThat(world.published.roots()).hasSize(2);

    // When nobody holds the old one any more, then it is trusted no more
    world.holders = List.of();
    world.later(World.SPREAD);
    assertThat(world.settle()).isEqualTo(new Waiting.Nothing());
    assertThat(world.steps()).containsExactly("Prepare", "MarkDistributed", "Switch", "Retire");
    assertThat(world.published.roots())
        .containsExactly(world.kept().current().material().root().certificate());
  }

  @Test
  void whoeverMaySignIsPublishedAtEveryMoment() {
    world.wish(Wish.ROTATE_ROOT, "once");

    for (var i = 0; i < 12; i++) {
      // a crash between any two writes changes nothing: each round begins from the files alone
      if (world.round() instanceof Step.Rest) {
        world.published = world.kept().trustBundle();
        world.later(World.SPREAD);
      }
      var signer = world.kept().current().material().root().certificate();
      assertThat(world.published.holdsAllOf(new TrustBundle(List.of(signer)))).isTrue();
    }

    assertThat(world.steps()).containsExactly("Prepare", "MarkDistributed", "Switch", "Retire");
  }

  @Test
  void aNewRootThatIsNotPublishedIsNotTakenFurther() {
    world.wish(Wish.ROTATE_ROOT, "once");
    world.round();

    world.later(Duration.ofDays(1));

    assertThat(world.round())
        .isInstanceOfSatisfying(
            Step.Rest.class,
            rest -> assertThat(rest.waiting()).isInstanceOf(Waiting.Publication.class));
  }

  @Test
  void theIssuingCaIsRotatedByItsSchedule() {
    // Given
    var root = world.kept().trustBundle();
    world.renewal = new Renewal.Due("late");
    world.holders = List.of(World.LATE);

    // When
    world.round();
    world.renewal = new Renewal.NotDue();
    world.settle();

    // Then without a pause, for its root is trusted, and without another root
    assertThat(world.steps()).containsExactly("Prepare", "MarkDistributed", "Switch");
    assertThat(world.taken.getFirst())
        .isEqualTo(new Step.Prepare(Kind.ISSUING, Cause.SCHEDULED, Optional.empty()));
    assertThat(world.published).isEqualTo(root);
  }

  @Test
  void anIssuingCaThatStillSignsWaitsForStragglersToo() {
    world.renewal = new Renewal.Due("late");
    world.uptake = List.of(World.LATE);

    assertThat(world.settle()).isEqualTo(new Waiting.Uptake(List.of(World.LATE)));
  }

  @Test
  void anIssuingCaThatSignsNoMoreIsReplacedAtOnce() {
    world.renewal = new Renewal.Overdue("it has ended");
    world.uptake = List.of(World.LATE);

    world.round();
    world.round();

    assertThat(world.round()).isEqualTo(new Step.Switch(List.of(World.LATE)));
  }

  @Test
  void aWishIsGrantedOnce() {
    world.wish(Wish.ROTATE_ISSUING, "today");
    world.settle();
    world.later(World.SPREAD);
    world.settle();
    var generation = world.kept().current().number();

    world.later(Duration.ofDays(1));
    world.settle();
    assertThat(world.kept().current().number()).isEqualTo(generation);

    world.wish(Wish.ROTATE_ISSUING, "tomorrow\nagain");
    world.settle();
    assertThat(world.kept().current().number()).isEqualTo(generation + 1);
  }

  @Test
  void aFurtherRotationNeedNotWaitForTheRetirement() {
    world.holders = List.of(World.LATE);
    world.wish(Wish.ROTATE_ROOT, "one");
    rotate();
    world.wish(Wish.ROTATE_ROOT, "two");
    rotate();

    assertThat(world.kept().elders()).extracting(Elder::number).containsExactly(1, 2);
    assertThat(world.published.roots()).hasSize(3);
    assertThat(world.kept().elders().getFirst().material()).isEmpty();
  }

  @Test
  void noMoreRootsAreTrustedThanHandshakesCanBear() {
    world.holders = List.of(World.LATE);
    for (var i = 0; i < RotationMachine.MOST_ELDERS + 3; i++) {
      world.wish(Wish.ROTATE_ISSUING, "no " + i);
      world.settle();
    }

    assertThat(world.kept().elders()).hasSize(RotationMachine.MOST_ELDERS);
  }

  @Test
  void aReplacedCaIsTrustedUntilItsLongestLeafHasEnded() {
    // Given leaves of 48 hours, and then of 24
    world.leafLifetime = Duration.ofHours(48);
    world.settle();
    world.leafLifetime = Duration.ofHours(24);
    world.holders = List.of(World.LATE);
    world.wish(Wish.ROTATE_ROOT, "once");
    rotate();

    // Then
    world.later(Duration.ofHours(48));
    assertThat(world.settle()).isInstanceOf(Waiting.Release.class);
    world.later(Duration.ofHours(1));
    assertThat(world.settle()).isEqualTo(new Waiting.Nothing());
    assertThat(world.taken.getLast())
        .isEqualTo(new Step.Retire(1, List.of(World.LATE), Optional.empty()));
  }

  @Test
  void whatARemovedCaLetInIsCutOnceItsRootIsGoneEverywhere() {
    // Given
    world.holders = List.of(World.LATE);
    world.wish(Wish.ROTATE_ROOT, "once");
    rotate();

    // When
    world.retireNow(1).settle();

    // Then
    assertThat(world.kept().ledger().cuts()).isZero();
    assertThat(world.kept().ledger().nextCut()).contains(world.now.plus(World.SPREAD));
    world.later(World.SPREAD).settle();
    assertThat(world.taken.getLast()).isEqualTo(new Step.Cut());
    assertThat(world.kept().ledger().cuts()).isEqualTo(1);
    world.later(World.SPREAD).settle();
    assertThat(world.kept().ledger().cuts()).isEqualTo(1);
  }

  @Test
  void whatACompromisedCaLetInIsCutEvenWhenNobodyIsKnownToHoldItsCertificates() {
    world.wish(Wish.DISTRUST, "stolen").settle();
    world.later(World.SPREAD).settle();
    world.later(World.SPREAD).settle();
    world.later(World.SPREAD).settle();

    assertThat(world.steps()).endsWith("Retire", "Cut");
  }

  @Test
  void anOrdinaryRotationCutsNothing() {
    world.wish(Wish.ROTATE_ROOT, "once");
    rotate();
    world.later(World.SPREAD).settle();
    world.later(World.SPREAD).settle();

    assertThat(world.steps()).endsWith("Retire");
    assertThat(world.kept().ledger().cuts()).isZero();
    assertThat(world.kept().ledger().nextCut()).isEmpty();
  }

  @Test
  void whileTheRootStaysTrustedThereIsNothingToCut() {
    world.holders = List.of(World.LATE);
    world.wish(Wish.ROTATE_ISSUING, "once").settle();

    world.retireNow(1).settle();

    assertThat(world.steps()).endsWith("Retire");
    assertThat(world.kept().ledger().nextCut()).isEmpty();
  }

  @Test
  void pausedNothingIsWrittenInAnyPhase() {
    world.wish(Wish.ROTATE_ROOT, "once");
    for (var i = 0; i < 12; i++) {
      world.pause();
      var before = world.kept();
      assertThat(world.round()).isEqualTo(new Step.Rest(new Waiting.Resumption()));
      assertThat(world.kept()).isEqualTo(before);

      world.resume();
      if (world.round() instanceof Step.Rest) {
        world.published = world.kept().trustBundle();
        world.later(World.SPREAD);
      }
    }
    assertThat(world.steps()).containsExactly("Prepare", "MarkDistributed", "Switch", "Retire");
  }

  @Test
  void beforeTheSwitchARotationIsForgotten() {
    // Given
    var before = world.kept();
    world.wish(Wish.ROTATE_ROOT, "once");
    world.settle();

    // When
    world.rollBack(2).settle();

    // Then
    assertThat(world.kept().heir()).isEmpty();
    assertThat(world.kept().current()).isEqualTo(before.current());
    assertThat(world.published).isEqualTo(before.trustBundle());

    // and the annotation that stays does not harm the next one, whose number is another
    world.wish(Wish.ROTATE_ROOT, "twice");
    rotate();
    assertThat(world.kept().current().number()).isEqualTo(3);
  }

  @Test
  void afterTheSwitchTheCaBeforeComesBackAsSoonAsAllAcceptIt() {
    // Given
    var before = world.kept().current().material();
    world.holders = List.of(World.LATE);
    world.wish(Wish.ROTATE_ROOT, "once");
    rotate();
    var published = world.published;

    // When
    world.rollBack(2);
    world.uptake = List.of(World.LATE);

    // Then its roots were trusted all the time, and still nobody is stepped over
    assertThat(world.settle()).isEqualTo(new Waiting.Uptake(List.of(World.LATE)));
    world.uptake = List.of();
    world.settle();
    assertThat(world.kept().current()).isEqualTo(new Generation(3, before));
    assertThat(world.kept().elders()).extracting(Elder::number).containsExactly(2);
    assertThat(world.published).isEqualTo(published);
  }

  @Test
  void theScheduleRestsAfterARotationWasTakenBack() {
    // Given a scheduled rotation that was taken back, so that it is due again
    world.renewal = new Renewal.Due("late");
    world.round();
    world.renewal = new Renewal.NotDue();
    world.settle();
    world.rollBack(2).settle();
    world.renewal = new Renewal.Due("late");

    // Then it begins again on the next day only
    world.later(Duration.ofHours(23)).settle();
    assertThat(world.kept().current().number()).isEqualTo(3);
    world.later(Duration.ofHours(2));
    assertThat(world.round()).isInstanceOf(Step.Prepare.class);
  }

  @Test
  void whatIsRetiredDoesNotComeBack() {
    world.wish(Wish.ROTATE_ROOT, "once");
    rotate();
    world.later(World.SPREAD).settle();
    var steps = world.steps();

    world.rollBack(2).settle();

    assertThat(world.steps()).isEqualTo(steps);
  }

  @Test
  void aCompromisedCaIsReplacedWithinThePatienceAndItsKeysAreGone() {
    // Given
    world.holders = List.of(World.LATE);
    world.uptake = List.of(World.LATE);
    world.wish(Wish.DISTRUST, "stolen");
    world.settle();
    assertThat(world.kept().standing()).isEqualTo(Standing.TAINTED);

    // When
    world.later(World.PATIENCE.minusSeconds(1));
    assertThat(world.settle()).isInstanceOf(Waiting.Uptake.class);
    world.later(Duration.ofSeconds(1));
    world.settle();

    // Then
    assertThat(world.steps()).containsExactly("Distrust", "MarkDistributed", "Switch");
    assertThat(world.kept().standing()).isEqualTo(Standing.TRUSTED);
    assertThat(world.kept().elders())
        .singleElement()
        .satisfies(
            elder -> {
              assertThat(elder.standing()).isEqualTo(Standing.TAINTED);
              assertThat(elder.material()).isEmpty();
            });

    // and it cannot be brought back, and goes at a word
    world.rollBack(2).settle();
    assertThat(world.kept().current().number()).isEqualTo(2);
    world.retireNow(1).settle();
    assertThat(world.published.roots()).hasSize(1);
  }

  @Test
  void distrustReplacesARotationThatIsUnderWay() {
    world.wish(Wish.ROTATE_ROOT, "once").settle();

    world.wish(Wish.DISTRUST, "stolen").settle();

    assertThat(world.kept().heir())
        .hasValueSatisfying(heir -> assertThat(heir.generation().number()).isEqualTo(3));
    assertThat(world.published.roots()).hasSize(2);
    world.rollBack(3).settle();
    assertThat(world.kept().heir()).isPresent();
  }

  @Test
  void aRootThatIsBroughtTakesTheSameSteps() {
    // Given
    var brought = BroughtCa.root(World.START);
    world.provided = Optional.of(World.usable(brought.files()));
    world.uptake = List.of(World.LATE);

    // When
    world.settle();
    world.later(World.SPREAD);

    // Then
    assertThat(world.settle()).isEqualTo(new Waiting.Uptake(List.of(World.LATE)));
    world.uptake = List.of();
    world.settle();
    assertThat(world.kept().current().material().root().certificate())
        .isEqualTo(brought.certificate());
    assertThat(world.steps()).containsExactly("Adopt", "MarkDistributed", "Switch");

    // and a further issuing CA is made below it
    world.wish(Wish.ROTATE_ISSUING, "once").settle();
    assertThat(world.kept().current().number()).isEqualTo(3);
    assertThat(world.kept().current().material().root().certificate())
        .isEqualTo(brought.certificate());
  }

  @Test
  void anIssuingCaThatIsBroughtIsReplacedByTheNextOneThatIsBrought() {
    // Given
    var root = BroughtCa.root(World.START);
    world.provided = Optional.of(World.usable(root.issuing(World.START).files(root)));
    rotate();
    var published = world.kept().current().material().root().certificate();
    assertThat(published).isEqualTo(root.certificate());

    // When the operator is asked for one that it cannot make, then it makes none
    world.wish(Wish.ROTATE_ISSUING, "once").settle();
    assertThat(world.kept().current().number()).isEqualTo(2);

    // When the next is brought, then it signs as soon as all accept it: its root is known
    world.provided = Optional.of(World.usable(root.issuing(World.START).files(root)));
    world.settle();
    assertThat(world.kept().current().number()).isEqualTo(3);
    assertThat(world.kept().current().material().root().certificate()).isEqualTo(published);
  }

  @ParameterizedTest
  @EnumSource(Wish.class)
  void whatIsKeptSurvivesWriting(Wish wish) {
    world.holders = List.of(World.LATE);
    world.wish(Wish.ROTATE_ISSUING, "first").settle();
    world.wish(wish, "a text: with\nevery thing %").settle();

    var kept = world.kept();
    world.keep(kept);

    assertThat(world.kept()).isEqualTo(kept);
  }

  private void rotate() {
    world.settle();
    world.later(World.SPREAD);
    world.settle();
  }
}
