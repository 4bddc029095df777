/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.lab.Event.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Checker}: whatever is planted in a ledger, it finds.
 */
class CheckerTests {

	private static final long SECOND = 1_000_000;

	private final List<Event> events = new ArrayList<>();

	@Test
	void whenAllIsWellThenNothingIsFound() {
		job("a", 1, 10 * SECOND);
		job("b", 2, 11 * SECOND);
		Verdict verdict = check(Set.of(), Map.of());
		assertThat(verdict.sent()).isEqualTo(2);
		assertThat(verdict.confirmed()).isEqualTo(2);
		assertThat(verdict.handled()).isEqualTo(2);
		assertThat(verdict.lost()).isEmpty();
		assertThat(verdict.unfinished()).isEmpty();
		assertThat(verdict.unknown()).isEmpty();
		assertThat(verdict.doubled()).isEmpty();
		assertThat(verdict.unexplained()).isEmpty();
		assertThat(verdict.early()).isEmpty();
		assertThat(verdict.overtaken()).isEmpty();
		assertThat(verdict.duplicates()).isZero();
		assertThat(verdict.pause()).hasSeconds(1);
	}

	@Test
	void whenAConfirmedJobIsNowhereThenItIsLost() {
		job("a", 1, SECOND);
		this.events.removeIf((event) -> event.type() == Type.DONE);
		assertThat(check(Set.of(), Map.of()).lost()).containsExactly("a");
		assertThat(check(Set.of(), Map.of("a", 1)).lost()).isEmpty();
		Verdict left = check(Set.of("a"), Map.of());
		assertThat(left.lost()).isEmpty();
		assertThat(left.unfinished()).containsExactly("a");
	}

	@Test
	void whenAJobWasNotConfirmedThenItMayBeMissing() {
		add(1, Type.SENT, "a", 0, "");
		add(2, Type.UNCONFIRMED, "a", 0, "TimeoutException");
		assertThat(check(Set.of(), Map.of()).lost()).isEmpty();
	}

	@Test
	void whenAJobIsHandledThatNobodySentThenItIsUnknown() {
		job("a", 1, SECOND);
		this.events.removeIf((event) -> event.type() == Type.SENT);
		assertThat(check(Set.of(), Map.of()).unknown()).containsExactly("a");
	}

	@Test
	void whenAHandledJobIsInItsQueueThenTheServerHasKeptIt() {
		job("a", 1, SECOND);
		assertThat(check(Set.of("a"), Map.of()).kept()).isOne();
	}

	@Test
	void whenAJobIsHandledTwiceThenAFaultHasToExplainIt() {
		job("a", 1, 100 * SECOND);
		add(101 * SECOND, Type.BEGUN, "a", 2, "k 1");
		add(101 * SECOND + 1, Type.DONE, "a", 2, "k 1");
		Verdict unexplained = check(Set.of(), Map.of());
		assertThat(unexplained.duplicates()).isOne();
		assertThat(unexplained.unexplained()).containsExactly("a");
		fault(50 * SECOND, 60 * SECOND, "");
		assertThat(check(Set.of(), Map.of()).unexplained()).containsExactly("a");
		fault(95 * SECOND, 96 * SECOND, "");
		assertThat(check(Set.of(), Map.of()).unexplained()).isEmpty();
	}

	@Test
	void whenADeadLetterIsThereTwiceThenItIsDoubled() {
		job("a", 1, SECOND);
		assertThat(check(Set.of(), Map.of("a", 2)).doubled()).containsExactly("a");
	}

	@Test
	void whenThereIsALetterOrMessageThatNobodySentThenItIsUnknown() {
		job("a", 1, SECOND);
		assertThat(check(Set.of("b"), Map.of("c", 1, Leftovers.UNREADABLE, 1)).unknown()).containsExactlyInAnyOrder("b",
				"c");
	}

	@Test
	void whenAHandledJobHasALetterThenAFaultHasToExplainIt() {
		job("a", 1, 100 * SECOND);
		assertThat(check(Set.of(), Map.of("a", 1)).wrong()).containsExactly("a");
		fault(101 * SECOND, 102 * SECOND, "");
		assertThat(check(Set.of(), Map.of("a", 1)).wrong()).isEmpty();
	}

	@Test
	void whenAJobIsGivenUpOnBeforeItsLastAttemptThenItsLetterIsWrong() {
		add(1, Type.SENT, "a", 0, "");
		add(2, Type.CONFIRMED, "a", 0, "1");
		add(SECOND, Type.BEGUN, "a", 5, "k 1");
		add(SECOND + 1, Type.THREW, "a", 5, "IllegalStateException");
		assertThat(check(Set.of(), Map.of("a", 1)).wrong()).containsExactly("a");
		add(5 * SECOND, Type.BEGUN, "a", 6, "k 1");
		add(5 * SECOND + 1, Type.THREW, "a", 6, "IllegalStateException");
		assertThat(check(Set.of(), Map.of("a", 1)).wrong()).isEmpty();
	}

	@Test
	void whenAJobGivesUpItselfThenItsLetterIsRight() {
		add(1, Type.SENT, "a", 0, "");
		add(SECOND, Type.BEGUN, "a", 1, "k 1");
		add(SECOND + 1, Type.THREW, "a", 1, "DeadLetterException");
		assertThat(check(Set.of(), Map.of("a", 1)).wrong()).isEmpty();
	}

	@Test
	void whenAJobBeginsBeforeTheOneBeforeItIsGivenUpOnThenItHasOvertakenIt() {
		job("a", 1, 10 * SECOND);
		this.events.removeIf((event) -> event.type() == Type.DONE);
		add(10 * SECOND, Type.THREW, "a", 1, "IllegalStateException");
		job("b", 2, 11 * SECOND);
		assertThat(check(Set.of(), Map.of("a", 1)).overtaken()).isEmpty();
		add(12 * SECOND, Type.BEGUN, "a", 6, "k 1");
		add(12 * SECOND, Type.THREW, "a", 6, "IllegalStateException");
		assertThat(check(Set.of(), Map.of("a", 1)).overtaken()).containsExactly("b");
		assertThat(check(Set.of(), Map.of("a", 1)).overtakenInOne()).containsExactly("b");
	}

	@Test
	void whenARetryComesTooSoonThenItIsEarly() {
		add(1, Type.SENT, "a", 0, "");
		add(2, Type.CONFIRMED, "a", 0, "1");
		add(SECOND, Type.BEGUN, "a", 1, "k 1");
		add(SECOND, Type.THREW, "a", 1, "IllegalStateException");
		add(SECOND + 200_000, Type.BEGUN, "a", 2, "k 1");
		add(SECOND + 200_000, Type.THREW, "a", 2, "IllegalStateException");
		assertThat(check(Set.of(), Map.of("a", 1)).early()).isEmpty();
		add(SECOND + 300_000, Type.BEGUN, "a", 3, "k 1");
		assertThat(check(Set.of(), Map.of("a", 1)).early()).containsExactly("a");
	}

	@Test
	void whenAJobBeginsBeforeTheOneBeforeItIsOverThenItHasOvertakenIt() {
		job("a", 1, 10 * SECOND);
		job("b", 2, 12 * SECOND);
		assertThat(check(Set.of(), Map.of()).overtaken()).isEmpty();
		job("c", 3, 11 * SECOND);
		assertThat(check(Set.of(), Map.of()).overtaken()).containsExactly("c");
		assertThat(check(Set.of(), Map.of()).overtakenInOne()).containsExactly("c");
	}

	@Test
	void whenAJobWasTriedBeforeAndIsOvertakenThenItsInstanceHasDoneSo() {
		job("a", 1, 10 * SECOND);
		job("b", 2, 11 * SECOND);
		add(8 * SECOND, Type.BEGUN, "a", 1, "k 1");
		add(8 * SECOND, Type.THREW, "a", 1, "IllegalStateException");
		this.events.removeIf((event) -> event.job().equals("a") && event.micros() > 9 * SECOND);
		add(12 * SECOND, Type.BEGUN, "a", 2, "k 1");
		add(12 * SECOND, Type.DONE, "a", 2, "k 1");
		add(7 * SECOND, Type.SENT, "a", 0, "");
		add(7 * SECOND, Type.CONFIRMED, "a", 0, "1");
		assertThat(check(Set.of(), Map.of()).overtakenInOne()).containsExactly("b");
	}

	@Test
	void whenAJobComesLateBecauseItWasSentToNobodyThenNoInstanceHasOvertakenIt() {
		job("b", 2, 11 * SECOND);
		add(7 * SECOND, Type.SENT, "a", 0, "");
		add(7 * SECOND, Type.CONFIRMED, "a", 0, "1");
		add(12 * SECOND, Type.BEGUN, "a", 2, "k 1");
		add(12 * SECOND, Type.DONE, "a", 2, "k 1");
		Verdict verdict = check(Set.of(), Map.of());
		assertThat(verdict.overtaken()).containsExactly("b");
		assertThat(verdict.overtakenInOne()).isEmpty();
	}

	@Test
	void whenAJobThatWasTriedBeforeIsMissedForLongThenItsInstanceNeedNotWait() {
		job("b", 2, 14 * SECOND);
		add(7 * SECOND, Type.SENT, "a", 0, "");
		add(7 * SECOND, Type.CONFIRMED, "a", 0, "1");
		add(8 * SECOND, Type.BEGUN, "a", 1, "k 1");
		add(8 * SECOND, Type.THREW, "a", 1, "IllegalStateException");
		add(15 * SECOND, Type.BEGUN, "a", 2, "k 1");
		add(15 * SECOND, Type.DONE, "a", 2, "k 1");
		Verdict verdict = check(Set.of(), Map.of());
		assertThat(verdict.overtaken()).containsExactly("b");
		assertThat(verdict.overtakenInOne()).isEmpty();
	}

	@Test
	void whenADelayedJobBeginsBeforeItsTimeThenItIsEarly() {
		delayed("a", 8 * SECOND);
		delayed("b", 12 * SECOND);
		assertThat(check(Set.of(), Map.of()).early()).containsExactly("a");
	}

	private void delayed(String id, long begun) {
		add(SECOND, Type.SENT, id, 0, Checker.DELAYED + 10_000);
		add(SECOND, Type.CONFIRMED, id, 0, "1");
		add(begun, Type.BEGUN, id, 1, "k 1");
		add(begun, Type.DONE, id, 1, "k 1");
	}

	@Test
	void whenAFaultDestroysThenWhatWasConfirmedBeforeIsNotLost() {
		job("a", 1, SECOND);
		job("b", 2, 20 * SECOND);
		this.events.removeIf((event) -> event.type() == Type.DONE);
		fault(10 * SECOND, 11 * SECOND, Checker.DESTROYS);
		assertThat(check(Set.of(), Map.of()).lost()).containsExactly("b");
	}

	@Test
	void whenAGroupIsThereInPartThenItIsTorn() {
		for (String id : List.of("a", "b", "c", "d")) {
			String group = Checker.GROUP + (id.equals("d") ? "2" : "1");
			add(1, Type.SENT, id, 0, group);
			add(2, Type.UNCONFIRMED, id, 0, "TimeoutException");
		}
		assertThat(check(Set.of(), Map.of()).torn()).isEmpty();
		assertThat(check(Set.of("a", "b", "c"), Map.of()).torn()).isEmpty();
		assertThat(check(Set.of("a", "b"), Map.of("c", 1)).torn()).isEmpty();
		assertThat(check(Set.of("a", "b"), Map.of()).torn()).containsExactly(Checker.GROUP + "1");
	}

	@Test
	void whenSomebodyRedrivesWhatIsGivenUpOnThenItIsNotEarly() {
		add(1, Type.SENT, "a", 0, "");
		add(2, Type.CONFIRMED, "a", 0, "1");
		add(SECOND, Type.BEGUN, "a", 1, "k 1");
		add(SECOND, Type.THREW, "a", 1, "DeadLetterException");
		add(SECOND + 1000, Type.BEGUN, "a", 1, "k 1");
		assertThat(check(Set.of("a"), Map.of()).early()).isEmpty();
	}

	@Test
	void theTimesAreThoseOfHandledJobs() {
		job("a", 1, 10 * SECOND);
		fault(12 * SECOND, 15 * SECOND, "");
		job("b", 2, 19 * SECOND);
		Verdict verdict = check(Set.of(), Map.of());
		assertThat(verdict.faults()).isOne();
		assertThat(verdict.pause()).hasSeconds(9);
		assertThat(verdict.back()).hasSeconds(4);
	}

	@Test
	void whatWasWrittenIsRead() {
		Event event = new Event(17, "worker-1", Type.THREW, "p-1", 3, "with\ttabs\nand ends");
		Event read = Event.of(event.line().strip());
		assertThat(read).isEqualTo(new Event(17, "worker-1", Type.THREW, "p-1", 3, "with tabs and ends"));
	}

	private Verdict check(Set<String> left, Map<String, Integer> letters) {
		List<Event> sorted = new ArrayList<>(this.events);
		sorted.sort(Comparator.comparingLong(Event::micros));
		return Checker.check(sorted, new Leftovers(left, letters, 0));
	}

	private void job(String id, int sequence, long done) {
		add(done - 3, Type.SENT, id, 0, "");
		add(done - 2, Type.CONFIRMED, id, 0, Integer.toString(sequence));
		add(done - 1, Type.BEGUN, id, 1, "k " + sequence);
		add(done, Type.DONE, id, 1, "k " + sequence);
	}

	private void fault(long start, long end, String detail) {
		add(start, Type.FAULT, "fault-" + start, 0, detail);
		add(end, Type.CURED, "fault-" + start, 0, detail);
	}

	private void add(long micros, Type type, String job, int attempt, String detail) {
		this.events.add(new Event(micros, "test", type, job, attempt, detail));
	}

}
