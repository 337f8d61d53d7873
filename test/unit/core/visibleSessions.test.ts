import assert from 'node:assert/strict';
import { VisibleSessions } from '../../../src/core/sessions/visibleSessions.ts';

describe('The sessions that a person has before their eyes', () => {
  it('are those that a visible viewer shows at that moment', () => {
    const visible = new VisibleSessions();
    const viewer = { sessionId: 'ses_1', isVisible: true };
    visible.add(viewer);
    assert.ok(visible.has('ses_1') && visible.isAnyVisible);
    viewer.sessionId = 'ses_2';
    assert.ok(!visible.has('ses_1') && visible.has('ses_2'));
    viewer.isVisible = false;
    assert.ok(!visible.has('ses_2') && !visible.isAnyVisible);
  });

  it('are none of a viewer that is gone', () => {
    const visible = new VisibleSessions();
    const viewing = visible.add({ sessionId: 'ses_1', isVisible: true });
    viewing.dispose();
    assert.ok(!visible.has('ses_1') && !visible.isAnyVisible);
  });
});
