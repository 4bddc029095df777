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

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a listener's handler, as an observer follows them. Whatever that throws
 * makes no difference to the messages.
 *
 * @param listener the listener's id
 * @param observer follows the runs
 */
record FollowedRuns(String listener, DeliveryObserver observer) {

	private static final Log logger = LogFactory.getLog(FollowedRuns.class);

	private static final FollowedRun.Scope NOTHING = () -> {
	};

	@Nullable FollowedRun start(Delivery delivery) {
		try {
			return this.observer.follow(this.listener, delivery);
		}
		catch (Throwable ex) {
			failed(this.listener, ex);
			return null;
		}
	}

	@Nullable FollowedRun start(List<Delivery> batch) {
		try {
			return this.observer.follow(this.listener, batch);
		}
		catch (Throwable ex) {
			failed(this.listener, ex);
			return null;
		}
	}

	FollowedRun.Scope enter(FollowedRun run) {
		return enter(this.listener, run);
	}

	void close(FollowedRun.Scope scope) {
		close(this.listener, scope);
	}

	void ended(FollowedRun run, @Nullable Settlement outcome, long nanos, @Nullable Throwable failure) {
		ended(this.listener, run, outcome, Duration.ofNanos(nanos), failure);
	}

	static FollowedRun.Scope enter(String listener, FollowedRun run) {
		try {
			return run.enter();
		}
		catch (Throwable ex) {
			failed(listener, ex);
			return NOTHING;
		}
	}

	static void close(String listener, FollowedRun.Scope scope) {
		try {
			scope.close();
		}
		catch (Throwable ex) {
			failed(listener, ex);
		}
	}

	static void ended(String listener, FollowedRun run, @Nullable Settlement outcome, Duration runTime,
			@Nullable Throwable failure) {
		try {
			run.ended(outcome, runTime, failure);
		}
		catch (Throwable ex) {
			failed(listener, ex);
		}
	}

	static void failed(String listener, Throwable failure) {
		Guard.log(logger, () -> "An observer failed for listener '%s'".formatted(listener), failure);
	}

}
