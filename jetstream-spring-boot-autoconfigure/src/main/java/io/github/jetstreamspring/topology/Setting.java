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

package io.github.jetstreamspring.topology;

import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * One setting of a stream or consumer: its key, and how to read, compare and write it.
 *
 * @param <C> the jnats configuration it is read from
 * @param <B> the jnats builder it is written to
 * @param <T> the type of its values
 */
final class Setting<C, B, T> {

	private final String key;

	private final Function<C, @Nullable T> reader;

	private final BiConsumer<B, T> writer;

	private final @Nullable Function<T, String> since;

	private final String sinceLabel;

	private final Change<T> change;

	// What nothing is said about is as usual: functions are classes, which take time at
	// the start
	private final @Nullable BiPredicate<T, T> same;

	private final @Nullable BinaryOperator<T> merge;

	private final @Nullable Function<T, String> text;

	private final @Nullable Predicate<T> valid;

	private final String expected;

	private Setting(Builder<C, B, T> builder) {
		this.key = builder.key;
		this.reader = builder.reader;
		this.writer = builder.writer;
		this.since = builder.since;
		this.sinceLabel = builder.sinceLabel;
		this.change = builder.change;
		this.same = builder.same;
		this.merge = builder.merge;
		this.text = builder.text;
		this.valid = builder.valid;
		this.expected = builder.expected;
	}

	static <C, B, T> Builder<C, B, T> of(String key, Function<C, @Nullable T> reader, BiConsumer<B, T> writer) {
		return new Builder<>(key, reader, writer);
	}

	String key() {
		return this.key;
	}

	/**
	 * Returns the oldest server version that knows the setting, as the documentation has
	 * it.
	 */
	String sinceLabel() {
		return this.sinceLabel;
	}

	/**
	 * Returns the answer to "can it be changed?", as the documentation has it.
	 */
	String changeLabel() {
		return this.change.label();
	}

	@Nullable T read(C configuration) {
		return this.reader.apply(configuration);
	}

	void write(B builder, T value) {
		this.writer.accept(builder, value);
	}

	/**
	 * Returns the oldest server version that knows a value.
	 */
	String since(T value) {
		return (this.since != null) ? this.since.apply(value) : ServerVersion.OLDEST;
	}

	/**
	 * Returns the value to write, given the server's.
	 */
	T target(@Nullable T current, T wanted) {
		return (current != null && this.merge != null) ? this.merge.apply(current, wanted) : wanted;
	}

	boolean isSame(@Nullable T current, T wanted) {
		return current != null && ((this.same != null) ? this.same.test(current, wanted) : current.equals(wanted));
	}

	/**
	 * Returns the oldest server version that changes one value to the other, or
	 * {@code null} if none does.
	 */
	@Nullable ServerVersion changeableSince(@Nullable T current, T wanted) {
		return this.change.allowed().test(current, wanted) ? ServerVersion.of(this.change.since()) : null;
	}

	boolean isValid(T value) {
		return this.valid == null || this.valid.test(value);
	}

	/**
	 * Returns what a valid value looks like.
	 */
	String expected() {
		return this.expected;
	}

	String text(@Nullable T value) {
		if (value == null) {
			return "not set";
		}
		return (this.text != null) ? this.text.apply(value) : value.toString();
	}

	// Each is made when it is needed, and may be made again
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Setting<?, ?, ?> setting && setting.key.equals(this.key);
	}

	@Override
	public int hashCode() {
		return this.key.hashCode();
	}

	@Override
	public String toString() {
		return this.key;
	}

	static final class Builder<C, B, T> {

		private final String key;

		private final Function<C, @Nullable T> reader;

		private final BiConsumer<B, T> writer;

		private @Nullable Function<T, String> since;

		private String sinceLabel = ServerVersion.OLDEST;

		private Change<T> change = Change.always();

		private @Nullable BiPredicate<T, T> same;

		private @Nullable BinaryOperator<T> merge;

		private @Nullable Function<T, String> text;

		private @Nullable Predicate<T> valid;

		private String expected = "";

		private Builder(String key, Function<C, @Nullable T> reader, BiConsumer<B, T> writer) {
			this.key = key;
			this.reader = reader;
			this.writer = writer;
		}

		/**
		 * Sets the oldest server version that knows the setting. Older ones behave as if
		 * it was {@code false}.
		 */
		Builder<C, B, T> since(String version) {
			return since((value) -> Boolean.FALSE.equals(value) ? ServerVersion.OLDEST : version, version);
		}

		/**
		 * Sets the oldest server version that knows a value, and a summary for the
		 * documentation.
		 */
		Builder<C, B, T> since(Function<T, String> version, String label) {
			this.since = version;
			this.sinceLabel = label;
			return this;
		}

		Builder<C, B, T> change(Change<T> change) {
			this.change = change;
			return this;
		}

		Builder<C, B, T> same(BiPredicate<T, T> same) {
			this.same = same;
			return this;
		}

		Builder<C, B, T> merge(BinaryOperator<T> merge) {
			this.merge = merge;
			return this;
		}

		Builder<C, B, T> text(Function<T, String> text) {
			this.text = text;
			return this;
		}

		Builder<C, B, T> valid(Predicate<T> valid, String expected) {
			this.valid = valid;
			this.expected = expected;
			return this;
		}

		Setting<C, B, T> build() {
			return new Setting<>(this);
		}

	}

}
