package koine.interop.shop;

import java.io.Serializable;

/** What the provider has seen of one nonce; the only way to observe calls that have no answer. */
public class Seen implements Serializable {
  private static final long serialVersionUID = 1L;

  private int posts;
  private int resets;
  private int lingersStarted;

  public int getPosts() {
    return posts;
  }

  public void setPosts(int posts) {
    this.posts = posts;
  }

  public int getResets() {
    return resets;
  }

  public void setResets(int resets) {
    this.resets = resets;
  }

  public int getLingersStarted() {
    return lingersStarted;
  }

  public void setLingersStarted(int lingersStarted) {
    this.lingersStarted = lingersStarted;
  }
}
