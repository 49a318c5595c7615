package android.media;

import java.nio.ByteBuffer;

/** Stands in for Android's class. */
public abstract class Image {
  public abstract int getFormat();

  public abstract int getWidth();

  public abstract int getHeight();

  public abstract Plane[] getPlanes();

  /** Stands in for Android's class. */
  public abstract static class Plane {
    public abstract int getRowStride();

    public abstract int getPixelStride();

    public abstract ByteBuffer getBuffer();
  }
}
