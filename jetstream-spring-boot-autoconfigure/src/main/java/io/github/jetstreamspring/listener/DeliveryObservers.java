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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Several observers as one.
 *
 * @param all the observers
 */
record DeliveryObservers(List<DeliveryObserver> all) implements DeliveryObserver {

	@Override
	public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		for (DeliveryObserver observer : this.all) {
			try {
				observer.settled(listener, settlement, runTime, failure);
			}
			catch (Throwable ex) {
				FollowedRuns.failed(listener, ex);
			}
		}
	}

	@Override
	public void extended(String listener) {
		for (DeliveryObserver observer : this.all) {
			try {
				observer.extended(listener);
			}
			catch (Throwable ex) {
				FollowedRuns.failed(listener, ex);
			}
		}
	}

	@Override
	public @Nullable FollowedRun follow(String listener, Delivery delivery) {
		FollowedRun followed = null;
		for (DeliveryObserver observer : this.all) {
			try {
				followed = Nested.of(listener, followed, observer.follow(listener, delivery));
			}
			catch (Throwable ex) {
				FollowedRuns.failed(listener, ex);
			}
		}
		return followed;
	}

	@Override
	public @Nullable FollowedRun follow(String listener, List<Delivery> batch) {
		FollowedRun followed = null;
		for (DeliveryObserver observer : this.all) {
			try {
				followed = Nested.of(listener, followed, observer.follow(listener, batch));
			}
			catch (Throwable ex) {
				FollowedRuns.failed(listener, ex);
			}
		}
		return followed;
	}

	/**
	 * A run that two follow.
	 *
	 * @param listener the listener's id
	 * @param outer is entered first
	 * @param inner is entered last
	 */
	private record Nested(String listener, FollowedRun outer, FollowedRun inner) implements FollowedRun {

		static @Nullable FollowedRun of(String listener, @Nullable FollowedRun outer, @Nullable FollowedRun inner) {
			if (outer == null) {
				return inner;
			}
			return (inner != null) ? new Nested(listener, outer, inner) : outer;
		}

		@Override
		public Scope enter() {
			Scope outerScope = FollowedRuns.enter(this.listener, this.outer);
			Scope innerScope = FollowedRuns.enter(this.listener, this.inner);
			return () -> {
				FollowedRuns.close(this.listener, innerScope);
				FollowedRuns.close(this.listener, outerScope);
			};
		}

		@Override
		public void ended(@Nullable Settlement outcome, Duration runTime, @Nullable Throwable failure) {
			FollowedRuns.ended(this.listener, this.inner, outcome, runTime, failure);
			FollowedRuns.ended(this.listener, this.outer, outcome, runTime, failure);
		}

	}

}
