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

package io.github.jetstreamspring.guard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Looks at what was thrown, which may be anything: an exception whose message can't be
 * read, or one that is its own cause.
 *
 * @since 0.1.0
 */
public final class Failures {

	// More than anybody reads. Code that makes a new cause with each call has no end.
	private static final int MAX_SIZE = 200;

	private static final int MAX_WRAPPINGS = 20;

	private Failures() {
	}

	/**
	 * Removes the wrappers that futures put around failures.
	 * @param failure what was thrown, or {@code null}
	 * @return what was thrown first, or {@code null}
	 */
	public static @Nullable Throwable unwrap(@Nullable Throwable failure) {
		Throwable unwrapped = failure;
		for (int i = 0; i < MAX_WRAPPINGS && unwrapped != null && isWrapping(unwrapped); i++) {
			Throwable cause = unwrapped.getCause();
			if (cause == null) {
				break;
			}
			unwrapped = cause;
		}
		return unwrapped;
	}

	private static boolean isWrapping(Throwable failure) {
		// Not of their subclasses, whose methods may be anything
		return failure.getClass() == CompletionException.class || failure.getClass() == ExecutionException.class;
	}

	/**
	 * Returns a failure with its causes, as far as they can be read.
	 * @param failure what was thrown, or {@code null}
	 * @return the failure, its cause, the cause of that and so on, each one once
	 */
	public static List<Throwable> causes(@Nullable Throwable failure) {
		Set<Throwable> causes = Collections.newSetFromMap(new IdentityHashMap<>());
		List<Throwable> inOrder = new ArrayList<>();
		Throwable next = failure;
		while (next != null && inOrder.size() < MAX_SIZE && causes.add(next)) {
			inOrder.add(next);
			next = ask(next::getCause, (ex) -> null);
		}
		return inOrder;
	}

	/**
	 * Returns a failure that throws nothing, whoever looks at it.
	 * @param failure what was thrown
	 * @return the same if it is like that, otherwise what can be told of it
	 */
	public static Throwable readable(Throwable failure) {
		return isReadable(failure) ? failure : new UnreadableFailure(failure);
	}

	/**
	 * Returns whether messages and causes of a failure can be read.
	 * @param failure what was thrown
	 * @return whether nothing is thrown and the causes have an end
	 */
	public static boolean isReadable(Throwable failure) {
		return ask(() -> isTree(failure), (ex) -> false);
	}

	private static boolean isTree(Throwable failure) {
		if (isLast(failure)) {
			return true;
		}
		Set<Throwable> causes = Collections.newSetFromMap(new IdentityHashMap<>());
		for (Throwable next = failure; next != null; next = next.getCause()) {
			if (!causes.add(next) || causes.size() > MAX_SIZE) {
				return false;
			}
		}
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> left = new ArrayDeque<>(causes);
		while (!left.isEmpty() && seen.size() <= MAX_SIZE) {
			Throwable next = left.remove();
			if (seen.add(next)) {
				text(next);
				left.addAll(Arrays.asList(next.getSuppressed()));
				if (next.getCause() != null) {
					left.add(next.getCause());
				}
			}
		}
		return left.isEmpty();
	}

	private static boolean isLast(Throwable failure) {
		text(failure);
		return failure.getCause() == null && failure.getSuppressed().length == 0;
	}

	private static void text(Throwable failure) {
		failure.getMessage();
		failure.getLocalizedMessage();
		failure.toString();
	}

	/**
	 * Returns the message of a failure, even that of code which can't say what went
	 * wrong.
	 * @param failure what was thrown
	 * @return the message
	 */
	public static @Nullable String message(Throwable failure) {
		return ask(failure::getMessage, (ex) -> "(its message can't be read: " + ex.getClass().getName() + ")");
	}

	/**
	 * Says what was thrown, as its {@code toString()} does if it can.
	 * @param failure what was thrown
	 * @return the text
	 */
	public static String describe(Throwable failure) {
		return ask(() -> String.valueOf(failure.toString()), (ex) -> failure.getClass().getName());
	}

	// An interrupt that foreign code leaves behind would reach whatever this thread waits
	// for next
	private static <T extends @Nullable Object> T ask(Supplier<T> question, Function<Throwable, T> otherwise) {
		boolean interrupted = Thread.currentThread().isInterrupted();
		try {
			return question.get();
		}
		catch (Throwable ex) {
			return otherwise.apply(ex);
		}
		finally {
			if (!interrupted) {
				Thread.interrupted();
			}
		}
	}

}
