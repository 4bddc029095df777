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

package io.github.jetstreamspring.deadletter;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.PublishResult;
import org.jspecify.annotations.Nullable;

/**
 * Redrives letters, on the thread that asks for it: many at a time are read, published
 * and removed, each one step after the other. So each is published before it is removed,
 * and a crash in between leaves it to be redriven again.
 */
final class Redrive {

	private static final int IN_FLIGHT = 128;

	private static final long MAX_BYTES = 16L * 1024 * 1024;

	// So many in a row are no matter of single letters
	private static final int MAX_FAILURES = IN_FLIGHT;

	private static final long PAUSE_MILLIS = 5;

	private static final long CONFIRMED_NANOS = 100_000_000;

	private final LetterStream stream;

	private final RedriveTargets.Looks targets;

	// Null if nothing is to be written
	private final @Nullable RedriveWriter writer;

	private final LetterPurge purge;

	private final RedriveTally tally;

	private final Runnable bell;

	private final Queue<Step<StoredMessages.@Nullable Stored>> read = new ArrayDeque<>();

	private final Queue<Step<PublishResult>> published = new ArrayDeque<>();

	private final Queue<Step<PublishResult>> confirmed = new ArrayDeque<>();

	private final Queue<Step<Boolean>> removed = new ArrayDeque<>();

	// When the first of those that are confirmed was
	private long confirmedNanos;

	private long bytes;

	private int failuresInARow;

	private boolean interrupted;

	/**
	 * Creates a redrive.
	 * @param stream has the letters
	 * @param targets are the consumers they are for
	 * @param writer puts them on their way, {@code null} to do nothing
	 * @param purge removes many of them at once
	 * @param tally counts them
	 * @param bell tells listeners
	 */
	Redrive(LetterStream stream, RedriveTargets.Looks targets, @Nullable RedriveWriter writer, LetterPurge purge,
			RedriveTally tally, Runnable bell) {
		this.stream = stream;
		this.targets = targets;
		this.writer = writer;
		this.purge = purge;
		this.tally = tally;
		this.bell = bell;
	}

	/**
	 * Redrives letters.
	 * @param letters the letters
	 * @param options how
	 * @param limit how many
	 * @throws JetStreamException if it can't go on
	 * @throws InterruptedException if the thread is interrupted; what is published is
	 * removed then
	 */
	void run(Letters letters, RedriveOptions options, long limit) throws InterruptedException {
		Pace pace = new Pace(options.rate());
		Duration time = options.time();
		long start = System.nanoTime();
		try {
			for (LetterHeaders letter = letters.next(); letter != null; letter = letters.next()) {
				if (this.tally.matched() >= limit) {
					break;
				}
				if (time != null && System.nanoTime() - start >= time.toNanos()) {
					finish();
					count(letters, limit, start + time.toNanos() * 3 / 2);
					return;
				}
				this.tally.match();
				redrive(letter, pace);
			}
			finish();
		}
		catch (RuntimeException | InterruptedException ex) {
			// As little as possible is to be in both places
			interrupted();
			leave();
			if (this.interrupted) {
				Thread.currentThread().interrupt();
			}
			throw ex;
		}
	}

	private void count(Letters letters, long limit, long deadline) throws InterruptedException {
		// The one at which the time was up
		this.tally.left();
		while (this.tally.matched() < limit && System.nanoTime() - deadline < 0 && letters.next() != null) {
			this.tally.left();
		}
	}

	private void redrive(LetterHeaders letter, Pace pace) throws InterruptedException {
		String obstacle = this.targets.obstacle(letter);
		if (obstacle != null) {
			this.purge.impossible();
			this.tally.failed(letter.sequence(), obstacle);
			return;
		}
		if (this.writer == null) {
			return;
		}
		this.targets.open(letter);
		while (!pace.mayGo()) {
			takeFurther(false);
			TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
		}
		if (interrupted()) {
			throw new InterruptedException();
		}
		if (letter.hasParts()) {
			this.purge.impossible();
		}
		byte[] payload = letter.payload();
		if (payload != null && !letter.hasParts()) {
			publish(letter, LetterContent.of(letter, payload));
		}
		else {
			this.read.add(new Step<>(letter, this.stream.request(letter.sequence())));
			this.bytes += letter.size();
		}
		takeFurther(false);
		while (this.read.size() >= IN_FLIGHT || this.bytes > MAX_BYTES && !this.read.isEmpty()) {
			publish(this.read.remove());
		}
		while (this.published.size() >= IN_FLIGHT) {
			confirm(this.published.remove());
		}
		while (!this.purge.isPossible() && this.removed.size() >= IN_FLIGHT) {
			end(this.removed.remove());
		}
	}

	/**
	 * Takes what is answered to its next step.
	 * @param all whether to wait for all of it
	 */
	private void takeFurther(boolean all) throws InterruptedException {
		while (isNext(this.read, all)) {
			publish(this.read.remove());
		}
		while (isNext(this.published, all)) {
			confirm(this.published.remove());
		}
		interrupted();
		removeConfirmed(all);
		this.purge.flush(all || !this.purge.isPossible());
		while (isNext(this.removed, all)) {
			end(this.removed.remove());
		}
	}

	private static <T> boolean isNext(Queue<Step<T>> steps, boolean all) {
		Step<T> next = steps.peek();
		return next != null && (all || next.answer().isDone());
	}

	private void finish() throws InterruptedException {
		takeFurther(true);
		this.bell.run();
	}

	private void leave() {
		this.read.clear();
		try {
			takeFurther(true);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			// There is a failure already
		}
		this.bell.run();
	}

	// The client sends nothing on an interrupted thread, and what is begun has to be sent
	private boolean interrupted() {
		this.interrupted |= Thread.interrupted();
		return this.interrupted;
	}

	private void publish(Step<StoredMessages.@Nullable Stored> step) throws InterruptedException {
		LetterHeaders letter = step.letter();
		this.bytes -= letter.size();
		StoredMessages.Stored stored;
		try {
			stored = step.answer().join();
		}
		catch (CompletionException ex) {
			failed(letter, ex);
			return;
		}
		if (stored == null || !stored.time().equals(letter.stored())) {
			// Or another one of that sequence, in a stream that was made again
			this.tally.gone();
			return;
		}
		publish(letter, LetterContent.of(this.stream, letter, stored));
	}

	private void publish(LetterHeaders letter, LetterContent content) {
		if (content.fault() != null) {
			this.purge.impossible();
			this.tally.failed(letter.sequence(), "It can't be restored: " + content.fault());
			return;
		}
		try {
			interrupted();
			RedriveWriter to = Objects.requireNonNull(this.writer);
			this.published.add(new Step<>(letter, to.publish(letter, content), content));
		}
		catch (RuntimeException ex) {
			failed(letter, ex);
		}
	}

	private void confirm(Step<PublishResult> step) {
		try {
			step.answer().join();
			this.failuresInARow = 0;
		}
		catch (CompletionException ex) {
			failed(step.letter(), ex);
			return;
		}
		if (this.confirmed.isEmpty()) {
			this.confirmedNanos = System.nanoTime();
		}
		this.confirmed.add(step);
	}

	/**
	 * Has letters removed whose messages are on their way, if it is worth to look whether
	 * they are.
	 * @param all whether all of them have to be removed
	 * @throws JetStreamException if they aren't: the letters stay
	 */
	private void removeConfirmed(boolean all) {
		boolean due = all || this.confirmed.size() >= IN_FLIGHT
				|| System.nanoTime() - this.confirmedNanos > CONFIRMED_NANOS;
		if (this.confirmed.isEmpty() || !due) {
			return;
		}
		List<Step<PublishResult>> steps = List.copyOf(this.confirmed);
		this.confirmed.clear();
		checkSame();
		if (this.tally.redriven() == 0) {
			this.bell.run();
		}
		for (Step<PublishResult> step : steps) {
			LetterHeaders letter = step.letter();
			this.removed.add(new Step<>(letter, this.purge.remove(letter), step.content()));
		}
	}

	private void checkSame() {
		try {
			Objects.requireNonNull(this.writer).checkSame();
		}
		catch (JetStreamException ex) {
			// Of those that are under way nobody knows where they get to, but those
			// before were there
			this.published.clear();
			this.purge.flush(true);
			throw ex;
		}
	}

	private void end(Step<Boolean> step) {
		try {
			if (interrupted()) {
				// Perhaps it was not sent
				this.stream.delete(step.letter().sequence()).join();
			}
			if (!step.answer().join()) {
				// Gone, unless they could not be removed together
				this.stream.delete(step.letter().sequence()).join();
			}
			this.tally.redrive();
			LetterContent content = step.content();
			if (content != null) {
				content.parts().forEach(this.stream::delete);
			}
		}
		catch (CompletionException ex) {
			// Redriven again, it comes once all the same
			failed(step.letter(), ex);
		}
	}

	private void failed(LetterHeaders letter, RuntimeException failure) {
		this.purge.impossible();
		Throwable cause = Objects.requireNonNull(Failures.unwrap(failure));
		this.tally.failed(letter.sequence(), String.valueOf(cause.getMessage()));
		if (++this.failuresInARow >= MAX_FAILURES) {
			throw new JetStreamException("%d dead letters in a row could not be redriven, the last one because: %s"
				.formatted(MAX_FAILURES, cause.getMessage()), cause);
		}
	}

	/**
	 * Has the letters to be redriven.
	 */
	interface Letters {

		/**
		 * Returns the next one.
		 * @return the letter, or {@code null} if there are no more
		 * @throws InterruptedException if the thread is interrupted
		 */
		@Nullable LetterHeaders next() throws InterruptedException;

	}

	/**
	 * A letter that waits for an answer of the server.
	 */
	private record Step<T>(LetterHeaders letter, CompletableFuture<T> answer, @Nullable LetterContent content) {

		Step(LetterHeaders letter, CompletableFuture<T> answer) {
			this(letter, answer, null);
		}

	}

	/**
	 * So many in a second, evenly.
	 */
	private static final class Pace {

		private final double perNano;

		private final long start = System.nanoTime();

		private long gone;

		Pace(long perSecond) {
			this.perNano = perSecond / 1e9;
		}

		boolean mayGo() {
			if (this.perNano > 0 && this.gone > (System.nanoTime() - this.start) * this.perNano) {
				return false;
			}
			this.gone++;
			return true;
		}

	}

}
